-- Refuses a performance that stands in the new tables but was not made by this run.
DO $$
DECLARE
    v_foreign uuid;
BEGIN
    SELECT p.id INTO v_foreign FROM {schema}.events_eventperformance AS p
        JOIN m_batch AS b ON b.performance_id = p.id
        WHERE NOT EXISTS (SELECT FROM {schema}.capacity_migration_maderow AS w CROSS JOIN m_run AS r
                          WHERE w.kind = 'performance' AND w.row_id = p.id AND w.run_id = r.run_id)
        ORDER BY p.id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'performance % is in Fullhouse already and was not made by this takeover',
            v_foreign USING ERRCODE = '23505';
    END IF;
END $$;
