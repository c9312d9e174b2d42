-- A unit that could not be made goes to the end of the outbox, so that it stands in nobody's way.
INSERT INTO {schema}.capacity_migration_outbox (run_id, direction, performance_id)
SELECT r.run_id, 'forward', t.performance_id FROM m_batch AS t CROSS JOIN m_run AS r;
