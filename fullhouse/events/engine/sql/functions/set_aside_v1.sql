-- set_aside_v1: writes what house_refusal_v1 has checked, under its locks and the caller's marker: a
-- reservation of p_kind (house, kill, comp, channel) with its reserved lines.
-- Lines are single places and keep the price one would have cost, a comp's 0. p_expires_at: when the
-- places are free again, null never. The kind is the ledger's operation.
CREATE FUNCTION {schema}.set_aside_v1(
    p_performance uuid, p_allocations uuid[], p_quantities integer[], p_seats uuid[],
    p_actor text, p_reason text, p_kind text DEFAULT 'house', p_owner text DEFAULT '',
    p_expires_at timestamptz DEFAULT NULL, p_channel text DEFAULT '', p_customer text DEFAULT ''
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_id uuid := {schema}.uuid7();
    v_reference text := upper(p_kind) || '-' || upper(right(v_id::text, 12));
    v_lines jsonb;
    v_quantity bigint;
BEGIN
    INSERT INTO {schema}.events_reservation (id, performance_id, reference, kind, status, expires_at,
            reason, owner, channel, customer)
        VALUES (v_id, p_performance, v_reference, p_kind, 'reserved', p_expires_at,
            p_reason, p_owner, p_channel, p_customer);
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
               CASE WHEN p_kind = 'comp' THEN 0 ELSE coalesce(p.price,
                   {schema}.final_price(c.base_price, a.price_modifier, c.currency)) END,
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
             quantity, operation, actor, reason, at)
        SELECT {schema}.uuid7(), p_performance, l.allocation_id, l.seat_id, v_id, 'available',
               'reserved', l.quantity, p_kind, coalesce(p_actor, ''), p_reason,
               (SELECT clock_timestamp())
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
        'reference', v_reference, 'kind', p_kind, 'expires_at', p_expires_at,
        'quantity', v_quantity, 'lines', v_lines);
END $$;
