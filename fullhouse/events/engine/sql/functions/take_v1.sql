-- take_v1: write a hold as planned and take its places; the hot rows come last.
--
-- p_lines: [{id, allocation_id, ticket_type_id, seat_id, quantity, places_per_ticket, unit_price,
-- from_channel}] of reserve_plan_v1. What the sales channel gives is handed over in between: it was
-- reserved and stays so, and its allocation's counters do not change.
-- Locks: seats by id, then allocations by id. Writes one movement a line.
-- SQLSTATE FH001: a seat or the places went to somebody else since the plan was made.
CREATE FUNCTION {schema}.take_v1(
    p_performance uuid, p_id uuid, p_lines jsonb, p_expires_at timestamptz,
    p_kind text, p_reference text, p_token_hash bytea, p_customer text, p_channel text,
    p_actor text, p_reason text
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_sum record;
BEGIN
    IF p_lines @? '$[*].seat_id ? (@ != null)' THEN
        PERFORM {schema}.take_seats_v1(p_performance, p_lines);
    END IF;
    IF p_lines @? '$[*].from_channel' THEN
        PERFORM {schema}.draw_channel_v1(p_performance, p_channel, p_lines, p_actor, p_reason);
    END IF;
    INSERT INTO {schema}.events_reservation (id, performance_id, reference, kind, status,
            expires_at, token_hash, customer, channel, reason)
        VALUES (p_id, p_performance, p_reference, p_kind, 'reserved',
            p_expires_at, p_token_hash, p_customer, p_channel, p_reason);
    INSERT INTO {schema}.events_reservationline (id, performance_id, reservation_id, allocation_id,
            ticket_type_id, seat_id, quantity, places_per_ticket, unit_price, status)
        SELECT l.id, p_performance, p_id, l.allocation_id, l.ticket_type_id, l.seat_id,
               l.quantity, l.places_per_ticket, l.unit_price, 'reserved'
        FROM jsonb_to_recordset(p_lines) AS l (id uuid, allocation_id uuid, ticket_type_id uuid,
            seat_id uuid, quantity integer, places_per_ticket integer, unit_price numeric);
    INSERT INTO {schema}.events_movement (id, performance_id, allocation_id, seat_id,
            reservation_id, from_state, to_state, quantity, operation, actor, reason, at)
        SELECT {schema}.uuid7(), p_performance, l.allocation_id, l.seat_id, p_id,
               'available', 'reserved', l.quantity, 'reserve', p_actor, p_reason, clock_timestamp()
        FROM jsonb_to_recordset(p_lines) AS l (allocation_id uuid, seat_id uuid, quantity integer);
    -- One row a time in id order: a set-based UPDATE would lock in the order of its plan.
    FOR v_sum IN
        SELECT l.allocation_id, sum(l.places) AS places,
               coalesce(sum(l.places) FILTER (WHERE l.seat_id IS NULL), 0) AS unseated
            FROM (
                SELECT r.allocation_id, r.seat_id, r.quantity - coalesce(r.from_channel, 0) AS places
                FROM jsonb_to_recordset(p_lines) AS r (allocation_id uuid, seat_id uuid,
                    quantity integer, from_channel integer)
            ) AS l
            WHERE l.places > 0 GROUP BY l.allocation_id ORDER BY l.allocation_id
    LOOP
        UPDATE {schema}.events_sectiontickettype
            SET available_capacity = available_capacity - v_sum.places,
                unseated_available = unseated_available - v_sum.unseated,
                reserved_capacity = reserved_capacity + v_sum.places
            WHERE performance_id = p_performance AND id = v_sum.allocation_id
              AND available_capacity >= v_sum.places AND unseated_available >= v_sum.unseated;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'allocation % went short', v_sum.allocation_id USING ERRCODE = 'FH001';
        END IF;
    END LOOP;
END $$;
