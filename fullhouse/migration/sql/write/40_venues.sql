-- I1: a venue that is smaller than a performance of the batch is raised; what it was is noted.
-- Locks: venues by id.
WITH needed AS (
    SELECT e.venue_id AS id, max(w.max_capacity) AS total
        FROM want_performance AS w JOIN {schema}.events_event AS e ON e.id = w.event_id
        GROUP BY e.venue_id
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
