-- The ledger only grows. UPDATE and DELETE are refused row by row, so that a statement that touches
-- no row (the UPDATE that a fixture load tries first) passes; TRUNCATE by a statement trigger on
-- every table that the ledger explains. SQLSTATE 23I08.
-- Two ways out, both narrow: a migration run that is not cut over removes its own movements
-- (`fullhouse.migration_run` = the run's id, which capacity_migration checks against the run's
-- state and epoch; with `fullhouse.archived` it also lets go what stands whole in the run's archive,
-- which a trigger of capacity_migration compares), and a database whose name starts with `test_` may truncate after
-- SET fullhouse.test_reset = 'on'.
CREATE FUNCTION {schema}.refuse_ledger_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % of movement % refused', lower(TG_OP), OLD.id
        USING ERRCODE = '23I08', HINT = 'A correction is a new movement, never a changed one.';
END $$;

CREATE FUNCTION {schema}.refuse_truncate() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF current_database() LIKE 'test\_%'
            AND current_setting('fullhouse.test_reset', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'TRUNCATE of % refused: the ledger would no longer explain the counters',
        TG_TABLE_NAME USING ERRCODE = '23I08',
        HINT = 'Refund or release what should go; a test database has fullhouse.test_reset.';
END $$;

CREATE TRIGGER ledger_no_update
    BEFORE UPDATE ON {schema}.events_movement FOR EACH ROW
    EXECUTE FUNCTION {schema}.refuse_ledger_change();
CREATE TRIGGER ledger_no_delete
    BEFORE DELETE ON {schema}.events_movement FOR EACH ROW
    WHEN ((OLD.migration_run_id IS NULL
        OR current_setting('fullhouse.migration_run', true) IS DISTINCT FROM OLD.migration_run_id::text)
        AND current_setting('fullhouse.archived', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION {schema}.refuse_ledger_change();

CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {schema}.events_movement
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_truncate();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {schema}.events_reservationline
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_truncate();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {schema}.events_reservation
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_truncate();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {schema}.events_seat
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_truncate();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {schema}.events_sectiontickettype
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_truncate();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {schema}.events_eventsection
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_truncate();
