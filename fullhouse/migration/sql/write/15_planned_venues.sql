-- I1: raises the venues that the plan found too small, before the batches need them; a batch that
-- needs more raises again. What a venue of others was is noted. Locks: venues by id.
WITH needed AS (
    SELECT (u.value ->> 'venue_id')::uuid AS id,
           max((u.value #>> '{after,max_capacity}')::integer) AS total
        FROM {schema}.capacity_migration_migrationrun AS r
        CROSS JOIN LATERAL jsonb_array_elements(coalesce(r.plan -> 'units', '[]')) AS u (value)
        WHERE r.id = (SELECT run_id FROM m_run)
        GROUP BY 1
), locked AS (
    SELECT v.id, v.total_capacity, n.total FROM {schema}.events_venue AS v
        JOIN needed AS n ON n.id = v.id AND n.total > v.total_capacity
        ORDER BY v.id FOR UPDATE OF v
), noted AS (
    INSERT INTO {schema}.capacity_migration_maderow (run_id, kind, row_id, detail)
    SELECT r.run_id, 'raised_venue', l.id, jsonb_build_object('total_capacity', l.total_capacity)
        FROM locked AS l CROSS JOIN m_run AS r
        WHERE NOT EXISTS (SELECT FROM {schema}.capacity_migration_maderow AS w
                          WHERE w.kind = 'venue' AND w.row_id = l.id)
    ON CONFLICT DO NOTHING
)
UPDATE {schema}.events_venue AS v SET total_capacity = l.total FROM locked AS l WHERE v.id = l.id;
