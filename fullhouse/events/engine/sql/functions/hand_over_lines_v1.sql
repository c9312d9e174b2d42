-- hand_over_lines_v1: live lines of one reservation end, and lines of another begin, on the same places.
--
-- p_chosen: [{line_id, quantity}] of p_from, a part becomes a released line of its own. p_lines: the new
-- lines of p_to, as many places of the same allocations and seats. In the ledger the places leave and
-- come at the same moment; counters and seats stay as they are, and so no lock is taken on them.
-- Locks: rows of numbered seats that nobody has, waiting for none (recheck_seat_row_v1).
-- The caller has locked p_from and made p_to.
CREATE FUNCTION {schema}.hand_over_lines_v1(
    p_performance uuid, p_from uuid, p_chosen jsonb, p_to uuid, p_lines jsonb,
    p_operation text, p_actor text, p_reason text
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_at timestamptz := clock_timestamp();
BEGIN
    INSERT INTO {schema}.events_movement (id, performance_id, allocation_id, seat_id,
            reservation_id, from_state, to_state, quantity, operation, actor, reason, at)
        SELECT {schema}.uuid7(), p_performance, l.allocation_id, l.seat_id, p_from,
               'reserved', 'available', c.quantity, p_operation, p_actor, p_reason, v_at
        FROM jsonb_to_recordset(p_chosen) AS c (line_id uuid, quantity integer)
        JOIN {schema}.events_reservationline AS l
            ON l.performance_id = p_performance AND l.id = c.line_id;
    INSERT INTO {schema}.events_reservationline (id, performance_id, reservation_id, allocation_id,
            ticket_type_id, quantity, places_per_ticket, unit_price, status)
        SELECT {schema}.uuid7(), p_performance, p_from, l.allocation_id, l.ticket_type_id,
               c.quantity, l.places_per_ticket, l.unit_price, 'released'
        FROM jsonb_to_recordset(p_chosen) AS c (line_id uuid, quantity integer)
        JOIN {schema}.events_reservationline AS l
            ON l.performance_id = p_performance AND l.id = c.line_id
        WHERE c.quantity < l.quantity;
    UPDATE {schema}.events_reservationline AS l
        SET status = CASE WHEN c.quantity < l.quantity THEN l.status ELSE 'released' END,
            quantity = CASE WHEN c.quantity < l.quantity THEN l.quantity - c.quantity
                ELSE l.quantity END
        FROM jsonb_to_recordset(p_chosen) AS c (line_id uuid, quantity integer)
        WHERE l.performance_id = p_performance AND l.id = c.line_id;
    INSERT INTO {schema}.events_reservationline (id, performance_id, reservation_id, allocation_id,
            ticket_type_id, seat_id, quantity, places_per_ticket, unit_price, status)
        SELECT l.id, p_performance, p_to, l.allocation_id, l.ticket_type_id, l.seat_id,
               l.quantity, coalesce(l.places_per_ticket, 1), l.unit_price, 'reserved'
        FROM jsonb_to_recordset(p_lines) AS l (id uuid, allocation_id uuid, ticket_type_id uuid,
            seat_id uuid, quantity integer, places_per_ticket integer, unit_price numeric);
    INSERT INTO {schema}.events_movement (id, performance_id, allocation_id, seat_id,
            reservation_id, from_state, to_state, quantity, operation, actor, reason, at)
        SELECT {schema}.uuid7(), p_performance, l.allocation_id, l.seat_id, p_to,
               'available', 'reserved', l.quantity, p_operation, p_actor, p_reason, v_at
        FROM jsonb_to_recordset(p_lines) AS l (allocation_id uuid, seat_id uuid, quantity integer);
    -- A seat that was kept without a deadline may now have one, which its row does not know.
    PERFORM {schema}.recheck_seat_row_v1(p_performance, r.section_id, r.row_rank) FROM (
        SELECT DISTINCT t.section_id, t.row_rank
        FROM jsonb_to_recordset(p_lines) AS l (seat_id uuid)
        JOIN {schema}.events_seat AS t
            ON t.performance_id = p_performance AND t.id = l.seat_id) AS r;
END $$;
