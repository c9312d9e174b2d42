-- A version of a seating plan never changes: performances, exports and caches rely on it. A change is
-- a new version. An UPDATE that changes nothing passes (a fixture load tries one first); a version
-- that no performance has may be deleted. SQLSTATE 23I09.
CREATE FUNCTION {schema}.refuse_plan_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'seating plan % version % never changes', OLD.name, OLD.version
        USING ERRCODE = '23I09', HINT = 'Import the changed plan: it becomes the next version.';
END $$;

CREATE TRIGGER plan_is_immutable
    BEFORE UPDATE ON {schema}.events_seatingplan FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION {schema}.refuse_plan_change();
