-- add_lines_v1: planned places join a reservation that is there already, as reserved or as sold.
--
-- p_lines: those of reserve_plan_v1; the caller has locked the reservation, the seats and the
-- allocations and has decided under these locks, so that nothing here can go short.
-- What the sales channel p_channel gives (`from_channel`, see take_v1) is handed over in between.
-- Writes one movement a line.
-- SQLSTATE FH001: a seat or a place is not free after all; undo, and decide anew.
CREATE FUNCTION {schema}.add_lines_v1(
    p_performance uuid, p_reservation uuid, p_lines jsonb, p_status text, p_operation text,
    p_actor text, p_reason text, p_channel text
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_sum record;
BEGIN
    IF p_lines @? '$[*].seat_id ? (@ != null)' THEN
        PERFORM {schema}.take_seats_v1(p_performance, p_lines);
        UPDATE {schema}.events_seat SET status = p_status
            WHERE performance_id = p_performance AND p_status <> 'reserved' AND id IN (
                SELECT l.seat_id FROM jsonb_to_recordset(p_lines) AS l (seat_id uuid));
    END IF;
    IF p_lines @? '$[*].from_channel' THEN
        PERFORM {schema}.draw_channel_v1(p_performance, p_channel, p_lines, p_actor, p_reason);
    END IF;
    INSERT INTO {schema}.events_reservationline (id, performance_id, reservation_id, allocation_id,
            ticket_type_id, seat_id, quantity, places_per_ticket, unit_price, status)
        SELECT l.id, p_performance, p_reservation, l.allocation_id, l.ticket_type_id, l.seat_id,
               l.quantity, coalesce(l.places_per_ticket, 1), l.unit_price, p_status
        FROM jsonb_to_recordset(p_lines) AS l (id uuid, allocation_id uuid, ticket_type_id uuid,
            seat_id uuid, quantity integer, places_per_ticket integer, unit_price numeric);
    INSERT INTO {schema}.events_movement (id, performance_id, allocation_id, seat_id,
            reservation_id, from_state, to_state, quantity, operation, actor, reason, at)
        SELECT {schema}.uuid7(), p_performance, l.allocation_id, l.seat_id, p_reservation,
               'available', p_status, l.quantity, p_operation, p_actor, p_reason, clock_timestamp()
        FROM jsonb_to_recordset(p_lines) AS l (allocation_id uuid, seat_id uuid, quantity integer);
    -- One row a time in id order: a set-based UPDATE would lock in the order of its plan.
    FOR v_sum IN
        SELECT l.allocation_id, sum(l.quantity - l.given) AS places, sum(l.given) AS given,
               coalesce(sum(l.quantity - l.given) FILTER (WHERE l.seat_id IS NULL), 0) AS unseated
            FROM (
                SELECT r.allocation_id, r.seat_id, r.quantity, coalesce(r.from_channel, 0) AS given
                FROM jsonb_to_recordset(p_lines) AS r (allocation_id uuid, seat_id uuid,
                    quantity integer, from_channel integer)
            ) AS l
            GROUP BY l.allocation_id ORDER BY l.allocation_id
    LOOP
        UPDATE {schema}.events_sectiontickettype
            SET available_capacity = available_capacity - v_sum.places,
                unseated_available = unseated_available - v_sum.unseated,
                reserved_capacity = reserved_capacity
                    + CASE p_status WHEN 'reserved' THEN v_sum.places ELSE -v_sum.given END,
                sold_capacity = sold_capacity
                    + CASE p_status WHEN 'sold' THEN v_sum.places + v_sum.given ELSE 0 END
            WHERE performance_id = p_performance AND id = v_sum.allocation_id
              AND available_capacity >= v_sum.places AND unseated_available >= v_sum.unseated;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'allocation % went short', v_sum.allocation_id USING ERRCODE = 'FH001';
        END IF;
    END LOOP;
END $$;
