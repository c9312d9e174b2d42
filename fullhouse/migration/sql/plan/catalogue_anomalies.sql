-- Contradictions above and beside the performances.
INSERT INTO m_anomaly
SELECT NULL, 'event_without_ticket_types', left(e.title, 200), jsonb_build_array(e.id), 1,
       jsonb_build_object('default_type', t.name)
    FROM m_type AS t JOIN m_event AS e ON e.id = t.event_id WHERE t.placeholder;
INSERT INTO m_anomaly
SELECT NULL, 'price_modifier_odd', left(e.title, 200), jsonb_agg(t.id ORDER BY t.id), count(*),
       jsonb_build_object('modifiers', jsonb_object_agg(t.name, t.legacy_modifier))
    FROM m_type AS t JOIN m_event AS e ON e.id = t.event_id
    WHERE t.legacy_modifier <> 1 GROUP BY e.id, e.title;
INSERT INTO m_anomaly
SELECT NULL, 'venue_missing', v.id::text, jsonb_build_array(v.id), 1, '{}'
    FROM m_venue AS v WHERE v.placeholder;
INSERT INTO m_anomaly
SELECT NULL, 'venue_soft_deleted', left(v.name, 200), jsonb_build_array(v.id), 1, '{}'
    FROM m_venue AS v WHERE NOT v.is_active;
INSERT INTO m_anomaly
SELECT NULL, 'seat_without_performance', '', to_jsonb((array_agg(s.id ORDER BY s.id))[1:100]),
       count(*), jsonb_build_object('sold', count(*) FILTER (WHERE s.status = 'sold'))
    FROM src_seat AS s LEFT JOIN src_performance AS p ON p.id = s.performance_id
    WHERE p.id IS NULL HAVING count(*) > 0;
INSERT INTO m_anomaly
SELECT NULL, 'booking_without_performance', '', to_jsonb((array_agg(b.id ORDER BY b.id))[1:100]),
       count(*), jsonb_build_object('participants', sum(b.participants))
    FROM src_booking AS b LEFT JOIN src_performance AS p ON p.id = b.performance_id
    WHERE p.id IS NULL HAVING count(*) > 0;
INSERT INTO m_anomaly
SELECT NULL, 'ticket_type_without_event', '', jsonb_agg(t.id ORDER BY t.id), count(*), '{}'
    FROM src_ticket_type AS t WHERE t.event_id IS NULL HAVING count(*) > 0;
