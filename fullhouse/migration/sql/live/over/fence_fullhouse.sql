-- The fence on Fullhouse's own side after a way back: nothing of this run's performances moves any
-- more, because the legacy side sells them again. Others' performances pass, and so does a takeover.
-- SQLSTATE FHF01.
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fence$
DECLARE
    v_performance uuid;
BEGIN
    SELECT n.performance_id INTO v_performance FROM new_rows AS n
        JOIN {units} AS u ON u.run_id = {run}::uuid AND u.performance_id = n.performance_id
        WHERE n.migration_run_id IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'FHF01',
            MESSAGE = format('performance %s is sold by the legacy system again since the takeover '
                'was rolled back; nothing moved. / اجرای %s پس از بازگشت دوباره در سامانهٔ قدیمی '
                'فروخته می‌شود و چیزی جابه‌جا نشد.', v_performance, v_performance),
            HINT = {hint};
    END IF;
    RETURN NULL;
END $fence$
