-- set_aside_v1: writes what house_refusal_v1 has checked, under its locks and house_v1's marker.
-- Lines keep the price a place would have cost.
CREATE FUNCTION {schema}.set_aside_v1(
    p_performance uuid, p_allocations uuid[], p_quantities integer[], p_seats uuid[],
    p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_id uuid := {schema}.uuid7();
    v_reference text := 'HOUSE-' || upper(right(v_id::text, 12));
    v_lines jsonb;
    v_quantity bigint;
BEGIN
    INSERT INTO {schema}.events_reservation (id, performance_id, reference, kind, status, reason)
        VALUES (v_id, p_performance, v_reference, 'house', 'reserved', p_reason);
    WITH place AS (
        SELECT w.allocation_id, NULL::uuid AS seat_id, w.quantity, NULL::numeric AS price
        FROM unnest(p_allocations, p_quantities) AS w (allocation_id, quantity)
        UNION ALL
        SELECT s.allocation_id, s.id, 1, s.price
        FROM {schema}.events_seat AS s WHERE s.performance_id = p_performance AND s.id = ANY (p_seats)
    )
    INSERT INTO {schema}.events_reservationline
            (id, performance_id, reservation_id, allocation_id, ticket_type_id, seat_id, quantity,
             unit_price, status)
        SELECT {schema}.uuid7(), p_performance, v_id, a.id, a.ticket_type_id, p.seat_id, p.quantity,
               coalesce(p.price, {schema}.final_price(c.base_price, a.price_modifier, c.currency)),
               'reserved'
        FROM place AS p
        JOIN {schema}.events_sectiontickettype AS a
            ON a.performance_id = p_performance AND a.id = p.allocation_id
        JOIN {schema}.events_eventsection AS c
            ON c.performance_id = p_performance AND c.id = a.section_id;
    UPDATE {schema}.events_seat SET status = 'reserved'
        WHERE performance_id = p_performance AND id = ANY (p_seats);
    INSERT INTO {schema}.events_movement
            (id, performance_id, allocation_id, seat_id, reservation_id, from_state, to_state,
             quantity, operation, actor, reason)
        SELECT {schema}.uuid7(), p_performance, l.allocation_id, l.seat_id, v_id, 'available',
               'reserved', l.quantity, 'house', coalesce(p_actor, ''), p_reason
        FROM {schema}.events_reservationline AS l
        WHERE l.performance_id = p_performance AND l.reservation_id = v_id;
    UPDATE {schema}.events_sectiontickettype AS a
        SET available_capacity = a.available_capacity - t.places,
            unseated_available = a.unseated_available - t.unseated,
            reserved_capacity = a.reserved_capacity + t.places
        FROM (SELECT l.allocation_id, sum(l.quantity) AS places,
                     coalesce(sum(l.quantity) FILTER (WHERE l.seat_id IS NULL), 0) AS unseated
              FROM {schema}.events_reservationline AS l
              WHERE l.performance_id = p_performance AND l.reservation_id = v_id
              GROUP BY l.allocation_id) AS t
        WHERE a.performance_id = p_performance AND a.id = t.allocation_id;
    SELECT sum(l.quantity), jsonb_agg(jsonb_build_object('line_id', l.id,
            'allocation_id', l.allocation_id, 'seat_id', l.seat_id, 'quantity', l.quantity)
            ORDER BY l.id)
        INTO v_quantity, v_lines
        FROM {schema}.events_reservationline AS l
        WHERE l.performance_id = p_performance AND l.reservation_id = v_id;
    RETURN jsonb_build_object('outcome', 'set_aside', 'reservation_id', v_id,
        'reference', v_reference, 'quantity', v_quantity, 'lines', v_lines);
END $$;
