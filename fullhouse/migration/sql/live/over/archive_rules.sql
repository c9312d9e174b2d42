-- What staff and buyers left at the performances of m_batch that the legacy side has no word for: sales
-- rules and entries of the waiting list. They go into the run's archive, whole, before the performance
-- goes. Notes stay where they are: like the ledger they only grow, and nothing refers to them.
WITH gone AS (
    DELETE FROM {schema}.events_waitingentry AS t USING m_batch AS b
        WHERE t.performance_id = b.performance_id RETURNING t.*
)
INSERT INTO {schema}.capacity_migration_archivedrow (run_id, performance_id, kind, row_id, content)
SELECT r.run_id, t.performance_id, 'waiting_entry', t.id, to_jsonb(t) FROM gone AS t CROSS JOIN m_run AS r
ON CONFLICT DO NOTHING;
WITH gone AS (
    DELETE FROM {schema}.events_salesrule AS t USING m_batch AS b
        WHERE t.performance_id = b.performance_id RETURNING t.*
)
INSERT INTO {schema}.capacity_migration_archivedrow (run_id, performance_id, kind, row_id, content)
SELECT r.run_id, t.performance_id, 'sales_rule', t.id, to_jsonb(t) FROM gone AS t CROSS JOIN m_run AS r
ON CONFLICT DO NOTHING;
