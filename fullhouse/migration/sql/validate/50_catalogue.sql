-- Venues, events and ticket types that the run made, and performances that should be there.
INSERT INTO m_mismatch
SELECT 'catalogue', NULL, x.tbl, x.id::text, x.legacy, x.new FROM (
    SELECT 'venue' AS tbl, v.id, to_jsonb(v) AS legacy, to_jsonb(t) AS new
        FROM m_venue AS v LEFT JOIN {schema}.events_venue AS t ON t.id = v.id
        LEFT JOIN {schema}.capacity_migration_maderow AS w
            ON w.kind = 'venue' AND w.row_id = v.id AND w.run_id = (SELECT run_id FROM m_run)
        WHERE t.id IS NULL OR w.id IS NOT NULL AND ((t.name, t.city, t.country)
            IS DISTINCT FROM (v.name, v.city, v.country) OR t.total_capacity < v.total_capacity)
    UNION ALL
    SELECT 'event', e.id, to_jsonb(e), to_jsonb(t)
        FROM m_event AS e LEFT JOIN {schema}.events_event AS t ON t.id = e.id
        LEFT JOIN {schema}.capacity_migration_maderow AS w
            ON w.kind = 'event' AND w.row_id = e.id AND w.run_id = (SELECT run_id FROM m_run)
        WHERE t.id IS NULL OR w.id IS NOT NULL AND (t.venue_id, t.title, t.slug)
            IS DISTINCT FROM (e.venue_id, e.title, e.slug)
    UNION ALL
    SELECT 'ticket_type', y.id, to_jsonb(y), to_jsonb(t)
        FROM m_type AS y LEFT JOIN {schema}.events_tickettype AS t ON t.id = y.id
        LEFT JOIN {schema}.capacity_migration_maderow AS w
            ON w.kind = 'ticket_type' AND w.row_id = y.id AND w.run_id = (SELECT run_id FROM m_run)
        WHERE t.id IS NULL OR w.id IS NOT NULL AND (t.event_id, t.name, t.code, t.is_active)
            IS DISTINCT FROM (y.event_id, y.name, y.code, y.is_active)
    UNION ALL
    SELECT 'performance', p.id, to_jsonb(p), NULL
        FROM src_performance AS p
        LEFT JOIN {schema}.events_eventperformance AS t ON t.id = p.id WHERE t.id IS NULL
    UNION ALL
    SELECT 'performance', w.row_id, NULL, to_jsonb(t)
        FROM {schema}.capacity_migration_maderow AS w
        LEFT JOIN {schema}.events_eventperformance AS t ON t.id = w.row_id
        LEFT JOIN src_performance AS p ON p.id = w.row_id
        WHERE w.kind = 'performance' AND w.run_id = (SELECT run_id FROM m_run) AND p.id IS NULL
) AS x LIMIT 1000;
