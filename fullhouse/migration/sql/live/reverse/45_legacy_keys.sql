-- A key of the legacy side for each row that is added there: what its column gives by itself, else one
-- more than the largest. One writer at a time, so no two rows get the same.
INSERT INTO {schema}.capacity_migration_keptrow (run_id, kind, row_id, legacy_key)
SELECT r.run_id, '{kind}', b.id, {key}
    FROM m_run AS r
    CROSS JOIN (SELECT id, row_number() OVER (ORDER BY created_at, id) AS n
                FROM {rows} WHERE {which}) AS b
ON CONFLICT (run_id, kind, row_id) DO NOTHING;
