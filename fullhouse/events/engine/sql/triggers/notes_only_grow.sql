-- Notes only grow, as the ledger does, and only the engine writes them: a note says what was done
-- and why, and must not change afterwards. UPDATE and DELETE are refused row by row, so that the
-- UPDATE that a fixture load tries first passes. SQLSTATE 23I08; an insert by others 23I06.
CREATE FUNCTION {schema}.refuse_note_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'notes are append-only: % of note % refused', lower(TG_OP), OLD.id
        USING ERRCODE = '23I08', HINT = 'A correction is a new note, never a changed one.';
END $$;

CREATE FUNCTION {schema}.guard_note() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {schema}.refuse_writer('I6', format('insert of a note on %s', NEW.operation));
    RETURN NULL;
END $$;

CREATE TRIGGER note_no_change
    BEFORE UPDATE OR DELETE ON {schema}.events_note FOR EACH ROW
    EXECUTE FUNCTION {schema}.refuse_note_change();
CREATE TRIGGER i6_note
    BEFORE INSERT ON {schema}.events_note FOR EACH ROW
    WHEN (current_setting('fullhouse.engine', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION {schema}.guard_note();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {schema}.events_note
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_truncate();
