DROP TRIGGER IF EXISTS ledger_archived_delete ON {schema}.events_movement;
DROP FUNCTION IF EXISTS {schema}.refuse_unarchived_delete();
