-- The units of a range that are not known to be late: the outbox of this very snapshot does not name
-- them, nor their event. A source that stands still has nothing there, and all are comparable.
INSERT INTO m_batch
SELECT u.performance_id FROM {schema}.capacity_migration_migrationunit AS u
    WHERE u.run_id = (SELECT run_id FROM m_run) AND u.id BETWEEN {low} AND {high}
      AND u.performance_id NOT IN (
        SELECT o.performance_id FROM {schema}.capacity_migration_outbox AS o
            WHERE o.run_id = (SELECT run_id FROM m_run) AND o.direction = 'forward'
              AND o.performance_id IS NOT NULL
        UNION ALL
        SELECT p.id FROM {schema}.capacity_migration_outbox AS o
            JOIN src_performance AS p ON p.event_id = o.event_id
            WHERE o.run_id = (SELECT run_id FROM m_run) AND o.direction = 'forward'
              AND o.performance_id IS NULL
        UNION ALL
        SELECT v.performance_id FROM v_link AS v
            WHERE v.run_id = (SELECT run_id FROM m_run) AND v.performance_id IS NOT NULL
        UNION ALL
        SELECT p.id FROM v_link AS v JOIN src_performance AS p ON p.event_id = v.event_id
            WHERE v.run_id = (SELECT run_id FROM m_run));
