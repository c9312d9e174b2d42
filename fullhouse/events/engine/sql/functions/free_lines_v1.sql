-- free_lines_v1: end live lines, whole or in part; their places become available.
--
-- Used by release, expire, refund and by a reserve that expires what is in its way.
-- p_lines are live lines of reservations that the caller has locked; p_quantities says how many
-- places of each (parallel to p_lines; NULL = all of every line). A part becomes a line of its own
-- with p_status. Overbooked places do not become available: allocation, section and performance
-- shrink by them (the caller has called lock_sections_v1). Returns the number of places.
-- Locks: seats by id, then allocations by id. Writes one movement a line.
CREATE FUNCTION {schema}.free_lines_v1(
    p_performance uuid, p_lines uuid[], p_quantities integer[], p_status text,
    p_operation text, p_actor text, p_reason text
) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_at timestamptz := clock_timestamp();
    v_seats uuid[];
    v_freed jsonb;
    v_sum record;
    v_places integer := 0;
BEGIN
    SELECT array_agg(seat_id) INTO v_seats FROM {schema}.events_reservationline
        WHERE performance_id = p_performance AND id = ANY (p_lines) AND seat_id IS NOT NULL;
    IF v_seats IS NOT NULL THEN
        PERFORM 1 FROM {schema}.events_seat
            WHERE performance_id = p_performance AND id = ANY (v_seats)
            ORDER BY id FOR NO KEY UPDATE;
    END IF;

    SELECT jsonb_agg(jsonb_build_object(
            'id', l.id, 'reservation_id', l.reservation_id, 'allocation_id', l.allocation_id,
            'seat_id', l.seat_id, 'quantity', coalesce(w.quantity, l.quantity),
            'part', coalesce(w.quantity, l.quantity) < l.quantity,
            'was', l.status, 'overbooked', l.overbooked))
        INTO v_freed
        FROM unnest(p_lines, p_quantities) AS w (id, quantity)
        JOIN {schema}.events_reservationline AS l
            ON l.performance_id = p_performance AND l.id = w.id;

    INSERT INTO {schema}.events_reservationline (id, performance_id, reservation_id, allocation_id,
            ticket_type_id, seat_id, quantity, places_per_ticket, unit_price, status, overbooked)
        SELECT {schema}.uuid7(), p_performance, l.reservation_id, l.allocation_id,
               l.ticket_type_id, NULL, f.quantity, l.places_per_ticket, l.unit_price, p_status,
               l.overbooked
        FROM jsonb_to_recordset(v_freed) AS f (id uuid, quantity integer, part boolean)
        JOIN {schema}.events_reservationline AS l
            ON l.performance_id = p_performance AND l.id = f.id
        WHERE f.part;
    UPDATE {schema}.events_reservationline AS l
        SET status = CASE WHEN f.part THEN l.status ELSE p_status END,
            quantity = CASE WHEN f.part THEN l.quantity - f.quantity ELSE l.quantity END
        FROM jsonb_to_recordset(v_freed) AS f (id uuid, quantity integer, part boolean)
        WHERE l.performance_id = p_performance AND l.id = f.id;
    INSERT INTO {schema}.events_movement (id, performance_id, allocation_id, seat_id,
            reservation_id, from_state, to_state, quantity, operation, actor, reason, at)
        SELECT {schema}.uuid7(), p_performance, f.allocation_id, f.seat_id, f.reservation_id,
               f.was, CASE WHEN f.overbooked THEN NULL ELSE 'available' END, f.quantity,
               p_operation, p_actor, p_reason, v_at
        FROM jsonb_to_recordset(v_freed) AS f (allocation_id uuid, seat_id uuid,
            reservation_id uuid, was text, overbooked boolean, quantity integer);
    IF v_seats IS NOT NULL THEN
        UPDATE {schema}.events_seat SET status = 'available'
            WHERE performance_id = p_performance AND id = ANY (v_seats);
    END IF;

    -- One row a time in id order: a set-based UPDATE would lock in the order of its plan.
    FOR v_sum IN
        SELECT f.allocation_id,
               sum(f.quantity) AS places,
               coalesce(sum(f.quantity) FILTER (WHERE f.was = 'reserved'), 0) AS reserved,
               coalesce(sum(f.quantity) FILTER (WHERE f.overbooked), 0) AS overbooked,
               coalesce(sum(f.quantity) FILTER (WHERE f.seat_id IS NULL AND NOT f.overbooked), 0)
                   AS unseated
            FROM jsonb_to_recordset(v_freed) AS f (allocation_id uuid, seat_id uuid,
                was text, overbooked boolean, quantity integer)
            GROUP BY f.allocation_id ORDER BY f.allocation_id
    LOOP
        UPDATE {schema}.events_sectiontickettype
            SET allocated_capacity = allocated_capacity - v_sum.overbooked,
                available_capacity = available_capacity + v_sum.places - v_sum.overbooked,
                unseated_available = unseated_available + v_sum.unseated,
                reserved_capacity = reserved_capacity - v_sum.reserved,
                sold_capacity = sold_capacity - (v_sum.places - v_sum.reserved)
            WHERE performance_id = p_performance AND id = v_sum.allocation_id;
        v_places := v_places + v_sum.places;
        IF v_sum.overbooked > 0 THEN
            UPDATE {schema}.events_eventsection AS s
                SET total_capacity = s.total_capacity - v_sum.overbooked
                FROM {schema}.events_sectiontickettype AS a
                WHERE s.performance_id = p_performance AND a.performance_id = p_performance
                  AND a.id = v_sum.allocation_id AND s.id = a.section_id;
            UPDATE {schema}.events_eventperformance
                SET max_capacity = max_capacity - v_sum.overbooked WHERE id = p_performance;
        END IF;
    END LOOP;
    RETURN v_places;
END $$;
