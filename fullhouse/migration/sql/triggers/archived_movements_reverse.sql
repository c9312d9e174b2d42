DROP TRIGGER IF EXISTS ledger_no_delete ON {schema}.events_movement;
CREATE TRIGGER ledger_no_delete
    BEFORE DELETE ON {schema}.events_movement FOR EACH ROW
    WHEN (OLD.migration_run_id IS NULL
        OR current_setting('fullhouse.migration_run', true) IS DISTINCT FROM OLD.migration_run_id::text)
    EXECUTE FUNCTION {schema}.refuse_ledger_change();
DROP FUNCTION IF EXISTS {schema}.refuse_unarchived_delete();
