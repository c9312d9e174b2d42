-- Performances that are closed, or whose event, date or moment the legacy side does not say.
INSERT INTO m_anomaly
SELECT m.performance_id, k.kind, left(e.title, 200), jsonb_build_array(m.performance_id), 1,
       jsonb_build_object('date', m.legacy_date, 'time', m.legacy_time, 'event', m.event_id)
    FROM m_unit AS m JOIN m_event AS e ON e.id = m.event_id
    CROSS JOIN LATERAL (
        SELECT 'performance_soft_deleted' AS kind WHERE NOT m.performance_active
        UNION ALL SELECT 'event_soft_deleted' WHERE NOT m.event_active
        UNION ALL SELECT 'performance_not_available' WHERE NOT m.is_available
        UNION ALL SELECT 'event_missing' WHERE e.placeholder
        UNION ALL SELECT 'date_missing' WHERE m.legacy_date IS NULL OR m.legacy_time IS NULL
        UNION ALL SELECT 'performances_at_once' WHERE m.start_time <> m.legacy_time
    ) AS k;
