-- split_lines_v1: lines, or whole tickets of a line, go from one reservation to another; both are
-- locked or new, and live alike. A line that goes whole keeps its id, a part becomes a new line.
-- In the ledger the places come back from the one and are taken by the other, so that each
-- reservation's movements add up to its lines; no counter changes.
CREATE FUNCTION {schema}.split_lines_v1(
    p_performance uuid, p_from uuid, p_to uuid, p_chosen jsonb, p_operation text, p_actor text,
    p_reason text
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {schema}.events_movement (id, performance_id, allocation_id, seat_id,
            reservation_id, from_state, to_state, quantity, operation, actor, reason, at)
        SELECT {schema}.uuid7(), p_performance, l.allocation_id, l.seat_id, side.reservation_id,
               side.was, side.becomes, c.quantity, p_operation, p_actor, p_reason, clock_timestamp()
        FROM jsonb_to_recordset(p_chosen) AS c (line_id uuid, quantity integer)
        JOIN {schema}.events_reservationline AS l
            ON l.performance_id = p_performance AND l.id = c.line_id
        CROSS JOIN LATERAL (
            SELECT CASE WHEN l.overbooked THEN NULL ELSE 'available' END AS state) AS between_them
        CROSS JOIN LATERAL (VALUES
            (p_from, l.status::text, between_them.state), (p_to, between_them.state, l.status::text)
        ) AS side (reservation_id, was, becomes);
    INSERT INTO {schema}.events_reservationline (id, performance_id, reservation_id, allocation_id,
            ticket_type_id, quantity, places_per_ticket, unit_price, status, overbooked)
        SELECT {schema}.uuid7(), p_performance, p_to, l.allocation_id, l.ticket_type_id, c.quantity,
               l.places_per_ticket, l.unit_price, l.status, l.overbooked
        FROM jsonb_to_recordset(p_chosen) AS c (line_id uuid, quantity integer)
        JOIN {schema}.events_reservationline AS l
            ON l.performance_id = p_performance AND l.id = c.line_id
        WHERE c.quantity < l.quantity;
    UPDATE {schema}.events_reservationline AS l
        SET reservation_id = CASE WHEN c.quantity < l.quantity THEN p_from ELSE p_to END,
            quantity = CASE WHEN c.quantity < l.quantity
                THEN l.quantity - c.quantity ELSE l.quantity END
        FROM jsonb_to_recordset(p_chosen) AS c (line_id uuid, quantity integer)
        WHERE l.performance_id = p_performance AND l.id = c.line_id;
END $$;
