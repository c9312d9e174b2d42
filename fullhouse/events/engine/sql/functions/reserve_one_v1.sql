-- reserve_one_v1: the straight way for the commonest reserve: some places of one allocation, sold
-- as its own type. NULL when anything is out of the ordinary (too few places, closed, another type,
-- limits or sales channels, tickets of several places, malformed): the general way then decides and
-- words the answer.
--
-- The same rules as the general way in a third of the time: no plan, no lists, five statements.
-- Locks: the allocation, by the conditional UPDATE at the very end, which is the check.
-- {"outcome": "lost"}: the places or the reference went to somebody else since the look; what was
-- written has to be rolled back by the caller.
CREATE FUNCTION {schema}.reserve_one_v1(
    p_performance uuid, p_id uuid, p_allocation uuid, p_quantity integer,
    p_ttl_seconds integer, p_kind text, p_reference text, p_token_hash bytea,
    p_customer text, p_channel text, p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_expires_at timestamptz := v_now + make_interval(secs => p_ttl_seconds);
    v_line uuid := {schema}.uuid7();
    v_type uuid;
    v_currency text;
    v_price numeric;
BEGIN
    SELECT a.ticket_type_id, s.currency,
           {schema}.final_price(s.base_price, a.price_modifier, s.currency)
        INTO v_type, v_currency, v_price
        FROM {schema}.events_sectiontickettype AS a
        JOIN {schema}.events_eventsection AS s
            ON s.performance_id = p_performance AND s.id = a.section_id
        JOIN {schema}.events_eventperformance AS p ON p.id = p_performance
        LEFT JOIN {schema}.events_tickettype AS t
            ON t.id = a.ticket_type_id AND t.event_id = p.event_id AND t.is_active
        WHERE a.performance_id = p_performance AND a.id = p_allocation
          AND a.unseated_available >= p_quantity
          AND (a.ticket_type_id IS NULL OR t.places_per_ticket = 1)
          AND p.status = 'on_sale' AND NOT p.has_rules AND coalesce(p.sales_open_at <= v_now, true)
          AND coalesce(p.sales_close_at > v_now, true);
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO {schema}.events_reservation (id, performance_id, reference, kind, status,
            expires_at, token_hash, customer, channel, reason)
        VALUES (p_id, p_performance, p_reference, p_kind, 'reserved',
            v_expires_at, p_token_hash, p_customer, p_channel, p_reason)
        ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN '{"outcome": "lost"}';
    END IF;
    INSERT INTO {schema}.events_reservationline (id, performance_id, reservation_id, allocation_id,
            ticket_type_id, quantity, unit_price, status)
        VALUES (v_line, p_performance, p_id, p_allocation, v_type, p_quantity, v_price, 'reserved');
    INSERT INTO {schema}.events_movement (id, performance_id, allocation_id, reservation_id,
            from_state, to_state, quantity, operation, actor, reason, at)
        VALUES ({schema}.uuid7(), p_performance, p_allocation, p_id,
            'available', 'reserved', p_quantity, 'reserve', p_actor, p_reason, v_now);
    UPDATE {schema}.events_sectiontickettype
        SET available_capacity = available_capacity - p_quantity,
            unseated_available = unseated_available - p_quantity,
            reserved_capacity = reserved_capacity + p_quantity
        WHERE performance_id = p_performance AND id = p_allocation
          AND unseated_available >= p_quantity;
    IF NOT FOUND THEN
        RETURN '{"outcome": "lost"}';
    END IF;
    RETURN jsonb_build_object('outcome', 'granted', 'reservation_id', p_id,
        'reference', p_reference, 'expires_at', v_expires_at, 'currency', v_currency,
        'total', (v_price * p_quantity)::text, 'lines', jsonb_build_array(jsonb_build_object(
            'id', v_line, 'allocation_id', p_allocation, 'ticket_type_id', v_type, 'seat_id', NULL,
            'quantity', p_quantity, 'places_per_ticket', 1, 'unit_price', v_price::text)));
END $$;
