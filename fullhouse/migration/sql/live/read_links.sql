-- Marks by link become marks of units (or events): first which, in one statement, then what they stand
-- for, in a younger snapshot. At most {limit}.
INSERT INTO m_linked SELECT o.id FROM {schema}.capacity_migration_outbox AS o
    WHERE o.run_id = (SELECT run_id FROM m_run) AND o.direction = 'forward' AND o.link IS NOT NULL
    ORDER BY o.id LIMIT {limit};
INSERT INTO {schema}.capacity_migration_outbox (run_id, direction, performance_id, event_id)
SELECT DISTINCT v.run_id, 'forward', v.performance_id, v.event_id FROM v_link AS v
    WHERE v.id IN (SELECT id FROM m_linked)
      AND (v.performance_id IS NOT NULL OR v.event_id IS NOT NULL);
DELETE FROM {schema}.capacity_migration_outbox AS o
    WHERE o.id = ANY (ARRAY(SELECT id FROM m_linked));
