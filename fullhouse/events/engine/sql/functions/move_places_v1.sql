-- move_places_v1: writes what reallocate_locked_v1 has decided. In the ledger a moved place leaves
-- one allocation (from available to outside) and is made in the other, seat by seat for seats.
CREATE FUNCTION {schema}.move_places_v1(
    p_performance uuid, p_from uuid, p_to uuid, p_quantity integer, p_seats uuid[],
    p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_places integer := p_quantity + cardinality(p_seats);
    v_from integer;
    v_to integer;
BEGIN
    UPDATE {schema}.events_seat SET allocation_id = p_to
        WHERE performance_id = p_performance AND id = ANY (p_seats);
    INSERT INTO {schema}.events_movement
            (id, performance_id, allocation_id, seat_id, from_state, to_state, quantity, operation,
             actor, reason, at)
        SELECT {schema}.uuid7(), p_performance, side.allocation_id, m.seat_id, side.from_state,
               side.to_state, m.quantity, 'reallocate', p_actor, p_reason,
               (SELECT clock_timestamp())
        FROM (SELECT NULL::uuid AS seat_id, p_quantity AS quantity WHERE p_quantity > 0
              UNION ALL SELECT s, 1 FROM unnest(p_seats) AS s) AS m
        CROSS JOIN (VALUES (p_from, 'available', NULL), (p_to, NULL, 'available'))
            AS side (allocation_id, from_state, to_state);
    UPDATE {schema}.events_sectiontickettype AS a
        SET allocated_capacity = a.allocated_capacity + side.sign * v_places,
            available_capacity = a.available_capacity + side.sign * v_places,
            unseated_available = a.unseated_available + side.sign * p_quantity
        FROM (VALUES (p_from, -1), (p_to, 1)) AS side (allocation_id, sign)
        WHERE a.performance_id = p_performance AND a.id = side.allocation_id;
    SELECT min(a.allocated_capacity) FILTER (WHERE a.id = p_from),
           min(a.allocated_capacity) FILTER (WHERE a.id = p_to) INTO v_from, v_to
        FROM {schema}.events_sectiontickettype AS a
        WHERE a.performance_id = p_performance AND a.id IN (p_from, p_to);
    RETURN jsonb_build_object('outcome', 'reallocated', 'from_allocation_id', p_from,
        'to_allocation_id', p_to, 'quantity', p_quantity, 'seats', cardinality(p_seats),
        'from_allocated_capacity', v_from, 'to_allocated_capacity', v_to);
END $$;
