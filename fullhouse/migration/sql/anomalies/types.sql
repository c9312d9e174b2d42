-- Ticket types of seats: none, unknown, of another event, not on offer.
INSERT INTO m_anomaly
SELECT m.performance_id, k.kind, '', to_jsonb((array_agg(s.id ORDER BY s.id))[1:100]), count(*),
       jsonb_build_object('ticket_types',
           to_jsonb((array_agg(DISTINCT s.ticket_type_id) FILTER (
               WHERE s.ticket_type_id IS NOT NULL))[1:20]))
    FROM m_seat AS s
    JOIN m_unit AS m USING (u)
    LEFT JOIN m_type AS t ON t.id = s.ticket_type_id
    CROSS JOIN LATERAL (SELECT CASE
        WHEN s.ticket_type_id IS NULL THEN 'seat_without_ticket_type'
        WHEN t.id IS NULL THEN 'ticket_type_missing'
        WHEN t.event_id <> m.event_id THEN 'ticket_type_foreign'
        WHEN NOT t.is_active THEN 'ticket_type_inactive' END AS kind) AS k
    WHERE k.kind IS NOT NULL
    GROUP BY m.performance_id, k.kind;
