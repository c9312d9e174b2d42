-- One row a performance of the legacy side; `seats` is its legacy seat rows.
INSERT INTO {schema}.capacity_migration_migrationunit (run_id, performance_id, seats, error)
SELECT r.run_id, p.id, coalesce(s.seats, 0), ''
    FROM src_performance AS p CROSS JOIN m_run AS r
    LEFT JOIN (SELECT performance_id, count(*) AS seats FROM src_seat GROUP BY performance_id) AS s
        ON s.performance_id = p.id
    ORDER BY p.id
ON CONFLICT (run_id, performance_id) DO NOTHING;
