-- During a backfill: what is not made yet needs no pass, because its batch will read all of it. Only
-- under the unit's lock is it certain that no batch is reading it now. Locks: unit rows, skipping
-- locked ones.
WITH open AS (
    SELECT u.performance_id FROM {schema}.capacity_migration_migrationunit AS u
        WHERE u.run_id = (SELECT run_id FROM m_run) AND u.done_at IS NULL
          AND u.performance_id = ANY (ARRAY(SELECT performance_id FROM m_read WHERE is_open))
        ORDER BY u.id FOR UPDATE OF u SKIP LOCKED
)
UPDATE m_read SET is_open = false WHERE performance_id IN (SELECT performance_id FROM open);
