-- Takes the next units that were read and that nobody else works on. What is read of them is read in
-- later statements, so it holds everything that marked them. Locks: unit rows, {locked}.
INSERT INTO m_batch
SELECT u.performance_id FROM {schema}.capacity_migration_migrationunit AS u
    WHERE u.run_id = (SELECT run_id FROM m_run) AND u.performance_id = ANY (ARRAY(
        SELECT DISTINCT performance_id FROM b_read ORDER BY 1 LIMIT {units}))
    ORDER BY u.id FOR UPDATE OF u {locked};
