-- A takeover's run enters another state: whoever is told of events hears of it, if it commits.
CREATE FUNCTION {schema}.notice_migration_phase() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {schema}.events_notice (id, kind, facts)
        VALUES ({schema}.uuid7(), 'migration.phase_changed', jsonb_build_object(
            'run', NEW.run_id, 'phase', NEW.phase, 'from', NEW.from_state, 'to', NEW.to_state));
    RETURN NULL;
END $$;

CREATE TRIGGER notice_phase
    AFTER INSERT ON {schema}.capacity_migration_runevent FOR EACH ROW
    WHEN (NEW.from_state <> NEW.to_state)
    EXECUTE FUNCTION {schema}.notice_migration_phase();
