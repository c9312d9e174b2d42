-- Takes the next units that no other worker has, up to a number of seats; a heavier one goes alone.
-- {which} is the end to start from, or one unit. Locks: unit rows, skipping locked ones.
INSERT INTO m_batch
SELECT u.performance_id FROM {schema}.capacity_migration_migrationunit AS u
    WHERE u.id IN (
        SELECT x.id FROM (
            SELECT o.id, sum(o.seats + 20) OVER (ORDER BY o.id {direction}) - o.seats - 20 AS before
                FROM (SELECT id, seats FROM {schema}.capacity_migration_migrationunit
                      WHERE run_id = (SELECT run_id FROM m_run) AND done_at IS NULL AND error = ''
                      {which}) AS o
        ) AS x WHERE x.before < {seats})
      AND u.done_at IS NULL AND u.error = ''
    FOR UPDATE OF u SKIP LOCKED;
