-- availability_v1(performance) -> jsonb: what can be had now, by section and ticket type, in places.
-- Holds past their deadline count as free, because a reserve expires those in its way. Prices are
-- text, exact decimals in the section's currency, of a ticket, which takes places_per_ticket places.
-- Sections in house order, the pool last.
-- Locks: none; one statement, one snapshot, of which the time is the beginning: an index finds what is due.
-- Outcomes: found {performance_id, status, max_capacity, available_capacity, reserved_capacity,
--   sold_capacity, sections: [{section_id, name, currency, base_price, total_capacity, available..,
--   reserved.., sold_capacity, allocations: [{allocation_id, ticket_type_id, name (null: pool),
--   allocated_capacity, available.., unseated_available, reserved.., sold_capacity, final_price, places_per_ticket}]}]};
--   unknown {what, id}.
CREATE FUNCTION {schema}.availability_v1(p_performance uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH overdue AS MATERIALIZED (
        SELECT l.allocation_id, sum(l.quantity) AS places,
               coalesce(sum(l.quantity) FILTER (WHERE l.seat_id IS NULL), 0) AS unseated
        FROM {schema}.events_reservation AS r
        JOIN {schema}.events_reservationline AS l
            ON l.performance_id = r.performance_id AND l.reservation_id = r.id
        WHERE r.performance_id = p_performance AND r.status = 'reserved'
          AND r.expires_at <= statement_timestamp() AND l.status = 'reserved' AND NOT l.overbooked
        GROUP BY l.allocation_id
    ), leaf AS MATERIALIZED (
        SELECT a.id, a.section_id, a.ticket_type_id, t.name, a.allocated_capacity,
               a.available_capacity + coalesce(o.places, 0) AS available,
               a.unseated_available + coalesce(o.unseated, 0) AS unseated,
               a.reserved_capacity - coalesce(o.places, 0) AS reserved, a.sold_capacity AS sold,
               a.price_modifier, coalesce(t.places_per_ticket, 1) AS size
        FROM {schema}.events_sectiontickettype AS a
        LEFT JOIN overdue AS o ON o.allocation_id = a.id
        LEFT JOIN {schema}.events_tickettype AS t ON t.id = a.ticket_type_id
        WHERE a.performance_id = p_performance
    ), section AS MATERIALIZED (
        SELECT s.position, s.name, jsonb_build_object(
            'section_id', s.id, 'name', s.name, 'currency', s.currency,
            'base_price', s.base_price::text, 'total_capacity', s.total_capacity,
            'available_capacity', coalesce(sum(f.available), 0),
            'reserved_capacity', coalesce(sum(f.reserved), 0),
            'sold_capacity', coalesce(sum(f.sold), 0),
            'allocations', coalesce(jsonb_agg(jsonb_build_object(
                'allocation_id', f.id, 'ticket_type_id', f.ticket_type_id, 'name', f.name,
                'allocated_capacity', f.allocated_capacity, 'available_capacity', f.available,
                'unseated_available', f.unseated, 'reserved_capacity', f.reserved,
                'sold_capacity', f.sold, 'places_per_ticket', f.size, 'final_price',
                {schema}.final_price(s.base_price, f.price_modifier, s.currency)::text)
                ORDER BY f.name NULLS LAST, f.id) FILTER (WHERE f.id IS NOT NULL), '[]')) AS facts
        FROM {schema}.events_eventsection AS s LEFT JOIN leaf AS f ON f.section_id = s.id
        WHERE s.performance_id = p_performance GROUP BY s.id
    )
    SELECT coalesce((
        SELECT jsonb_build_object('outcome', 'found', 'performance_id', p.id, 'status', p.status,
            'max_capacity', p.max_capacity,
            'available_capacity', (SELECT coalesce(sum(available), 0) FROM leaf),
            'reserved_capacity', (SELECT coalesce(sum(reserved), 0) FROM leaf),
            'sold_capacity', (SELECT coalesce(sum(sold), 0) FROM leaf),
            'sections', (SELECT coalesce(jsonb_agg(facts ORDER BY position, name), '[]') FROM section))
        FROM {schema}.events_eventperformance AS p WHERE p.id = p_performance),
        jsonb_build_object('outcome', 'unknown', 'what', 'performance', 'id', p_performance))
$$;
