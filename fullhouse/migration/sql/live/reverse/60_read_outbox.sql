-- Reads the outbox of the way back, at most {limit} ids; deleted later by exactly these ids.
DELETE FROM b_read;
INSERT INTO b_read SELECT o.id, o.performance_id
    FROM {schema}.capacity_migration_outbox AS o
    WHERE o.run_id = (SELECT run_id FROM m_run) AND o.direction = 'reverse'
    ORDER BY o.id LIMIT {limit};
