-- free_seats_v1(performance, section) -> jsonb: the numbered seats of a section that can be had now,
-- row by row; a seat in a hold past its deadline counts as free. Prices are text: the seat's own, else
-- its allocation's; where a ticket takes places_per_ticket seats together, the ticket's. Locks: none; one statement, one snapshot.
-- Outcomes: found {section_id, currency, seats: [{seat_id, row_number, seat_number, allocation_id,
--   ticket_type_id, price, places_per_ticket, is_accessible, is_companion, is_premium, has_restricted_view}]};
--   unknown {what, id}.
CREATE FUNCTION {schema}.free_seats_v1(p_performance uuid, p_section uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH overdue AS MATERIALIZED (
        SELECT l.seat_id
        FROM {schema}.events_reservation AS r
        JOIN {schema}.events_reservationline AS l
            ON l.performance_id = r.performance_id AND l.reservation_id = r.id
        WHERE r.performance_id = p_performance AND r.status = 'reserved'
          AND r.expires_at <= clock_timestamp() AND l.status = 'reserved' AND l.seat_id IS NOT NULL
    )
    SELECT coalesce((
        SELECT jsonb_build_object('outcome', 'found', 'section_id', s.id, 'currency', s.currency,
            'seats', (
                SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'seat_id', t.id, 'row_number', t.row_number, 'seat_number', t.seat_number,
                    'allocation_id', a.id, 'ticket_type_id', a.ticket_type_id, 'price', coalesce(
                        CASE WHEN y.places_per_ticket > 1 THEN NULL ELSE t.price END,
                        {schema}.final_price(s.base_price, a.price_modifier, s.currency))::text,
                    'places_per_ticket', coalesce(y.places_per_ticket, 1),
                    'is_accessible', t.is_accessible, 'is_companion', t.is_companion,
                    'is_premium', t.is_premium, 'has_restricted_view', t.has_restricted_view)
                    ORDER BY t.row_rank, t.seat_rank, t.row_number, t.seat_number), '[]')
                FROM {schema}.events_seat AS t
                JOIN {schema}.events_sectiontickettype AS a
                    ON a.performance_id = p_performance AND a.id = t.allocation_id
                LEFT JOIN {schema}.events_tickettype AS y ON y.id = a.ticket_type_id
                WHERE t.performance_id = p_performance AND t.section_id = s.id
                  AND (t.status = 'available' OR t.id IN (SELECT seat_id FROM overdue))))
        FROM {schema}.events_eventsection AS s
        WHERE s.performance_id = p_performance AND s.id = p_section),
        jsonb_build_object('outcome', 'unknown', 'what', 'section', 'id', p_section))
$$;
