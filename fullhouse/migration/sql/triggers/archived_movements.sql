-- A movement that the engine made leaves the ledger in one way only: a run that was cut over is
-- rolled back, and the movement stands, whole, in that run's archive. check_migration_run has seen
-- that the run is not cut over any more and that its runner holds the lease. SQLSTATE 23I08.
CREATE FUNCTION {schema}.refuse_unarchived_delete() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM {schema}.capacity_migration_archivedrow AS a
        WHERE a.run_id = nullif(current_setting('fullhouse.migration_run', true), '')::uuid
          AND a.kind = 'movement' AND a.row_id = OLD.id AND a.content = to_jsonb(OLD)) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the ledger is append-only: delete of movement % refused', OLD.id
        USING ERRCODE = '23I08', HINT = 'A correction is a new movement, never a changed one.';
END $$;

CREATE TRIGGER ledger_archived_delete
    BEFORE DELETE ON {schema}.events_movement FOR EACH ROW
    WHEN ((OLD.migration_run_id IS NULL
        OR current_setting('fullhouse.migration_run', true) IS DISTINCT FROM OLD.migration_run_id::text)
        AND current_setting('fullhouse.archived', true) = 'on')
    EXECUTE FUNCTION {schema}.refuse_unarchived_delete();
