-- Venues, events and ticket types: those that are missing are made and noted, those that this run
-- made before follow the legacy side, others are left alone. Needs m_venue, m_event, m_type.
WITH made AS (
    INSERT INTO {schema}.events_venue AS t (id, name, city, country, total_capacity, created_at)
    SELECT v.id, v.name, v.city, v.country, coalesce(v.total_capacity, 0), v.created_at
        FROM m_venue AS v ORDER BY v.id
    ON CONFLICT (id) DO NOTHING RETURNING t.id
)
INSERT INTO {schema}.capacity_migration_maderow (run_id, kind, row_id, detail)
SELECT r.run_id, 'venue', made.id, '{}' FROM made CROSS JOIN m_run AS r;

WITH made AS (
    INSERT INTO {schema}.events_event AS t (id, venue_id, title, slug, created_at)
    SELECT e.id, e.venue_id, e.title, e.slug, e.created_at FROM m_event AS e ORDER BY e.id
    ON CONFLICT (id) DO NOTHING RETURNING t.id
)
INSERT INTO {schema}.capacity_migration_maderow (run_id, kind, row_id, detail)
SELECT r.run_id, 'event', made.id, '{}' FROM made CROSS JOIN m_run AS r;

WITH made AS (
    INSERT INTO {schema}.events_tickettype AS t (id, event_id, name, code, price_modifier, is_active,
        created_at)
    SELECT y.id, y.event_id, y.name, y.code, 1, y.is_active, y.created_at
        FROM m_type AS y ORDER BY y.id
    ON CONFLICT (id) DO NOTHING RETURNING t.id
)
INSERT INTO {schema}.capacity_migration_maderow (run_id, kind, row_id, detail)
SELECT r.run_id, 'ticket_type', made.id, '{}' FROM made CROSS JOIN m_run AS r;

UPDATE {schema}.events_venue AS t
    SET name = v.name, city = v.city, country = v.country, total_capacity = n.total
    FROM m_venue AS v
    CROSS JOIN m_run AS r
    JOIN {schema}.capacity_migration_maderow AS w ON w.kind = 'venue' AND w.row_id = v.id
    CROSS JOIN LATERAL (
        SELECT greatest(v.total_capacity, 0, max(p.max_capacity)) AS total
            FROM {schema}.events_event AS e
            JOIN {schema}.events_eventperformance AS p ON p.event_id = e.id
            WHERE e.venue_id = v.id) AS n
    WHERE t.id = v.id AND w.run_id = r.run_id
      AND (t.name, t.city, t.country, t.total_capacity)
          IS DISTINCT FROM (v.name, v.city, v.country, n.total);
UPDATE {schema}.events_event AS t
    SET venue_id = e.venue_id, title = e.title, slug = e.slug
    FROM m_event AS e CROSS JOIN m_run AS r
    JOIN {schema}.capacity_migration_maderow AS w ON w.kind = 'event'
    WHERE t.id = e.id AND w.row_id = e.id AND w.run_id = r.run_id
      AND (t.venue_id, t.title, t.slug) IS DISTINCT FROM (e.venue_id, e.title, e.slug);
UPDATE {schema}.events_tickettype AS t
    SET event_id = y.event_id, name = y.name, code = y.code, is_active = y.is_active
    FROM m_type AS y CROSS JOIN m_run AS r
    JOIN {schema}.capacity_migration_maderow AS w ON w.kind = 'ticket_type'
    WHERE t.id = y.id AND w.row_id = y.id AND w.run_id = r.run_id
      AND (t.event_id, t.name, t.code, t.is_active)
          IS DISTINCT FROM (y.event_id, y.name, y.code, y.is_active);
