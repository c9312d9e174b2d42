-- A run may take its own movements back while it is not cut over, and only the runner that holds
-- its lease may: `fullhouse.migration_run` names the run, `fullhouse.migration_epoch` the runner.
-- Whose row it is, ledger_no_delete checks row by row. SQLSTATE 23I08.
CREATE FUNCTION {schema}.check_migration_run() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    v_run text := nullif(current_setting('fullhouse.migration_run', true), '');
    v_epoch text := nullif(current_setting('fullhouse.migration_epoch', true), '');
    v_state text;
    v_current integer;
BEGIN
    IF v_run IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT state, epoch INTO v_state, v_current
        FROM {schema}.capacity_migration_migrationrun WHERE id = v_run::uuid;
    IF v_state IS NULL OR v_state IN ('cut_over', 'contracted') THEN
        RAISE EXCEPTION 'the movements of run % stay: it is %', v_run, coalesce(v_state, 'unknown')
            USING ERRCODE = '23I08', HINT = 'A correction is a new movement, never a changed one.';
    END IF;
    IF v_epoch IS DISTINCT FROM v_current::text THEN
        RAISE EXCEPTION 'the movements of run % are of epoch %, this runner is of epoch %', v_run,
            v_current, coalesce(v_epoch, 'none')
            USING ERRCODE = '23I08', HINT = 'Another runner took the run over; this one must stop.';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER migration_run_of_delete
    BEFORE DELETE ON {schema}.events_movement FOR EACH STATEMENT
    EXECUTE FUNCTION {schema}.check_migration_run();
