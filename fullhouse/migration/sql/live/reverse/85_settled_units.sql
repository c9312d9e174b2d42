-- The next units in which Fullhouse moved places itself and of which nothing waits in the outbox of
-- this snapshot: what they say on both sides is final in it. After {after}, at most {units}.
INSERT INTO m_batch
SELECT u.performance_id FROM {schema}.capacity_migration_migrationunit AS u
    WHERE u.run_id = (SELECT run_id FROM m_run) AND u.performance_id > '{after}'
      AND EXISTS (SELECT FROM {schema}.events_movement AS m
                  WHERE m.performance_id = u.performance_id AND m.migration_run_id IS NULL)
      AND u.performance_id NOT IN (
          SELECT o.performance_id FROM {schema}.capacity_migration_outbox AS o
          WHERE o.run_id = u.run_id AND o.direction = 'reverse' AND o.performance_id IS NOT NULL)
    ORDER BY u.performance_id LIMIT {units};
