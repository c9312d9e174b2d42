-- retake_v1: an expired hold takes its places again, all or none, at the prices held. NULL when it
-- did and is `reserved`; else the refusal `gone`, and nothing moved.
--
-- p_overdue: holds past their deadline that are in its way; they are expired only if all can be had.
-- The caller has locked them and this reservation, performance and sections (late_refusal_v1).
-- Locks: seats by id; allocations by id. Writes one movement a line.
CREATE FUNCTION {schema}.retake_v1(
    p_performance uuid, p_reservation uuid, p_overdue uuid[], p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_lines uuid[];
    v_seats uuid[];
    v_gone jsonb;
    v_sum record;
BEGIN
    SELECT array_agg(id), array_agg(seat_id) FILTER (WHERE seat_id IS NOT NULL)
        INTO v_lines, v_seats FROM {schema}.events_reservationline
        WHERE performance_id = p_performance AND reservation_id = p_reservation
          AND status = 'expired';
    v_gone := {schema}.retake_refusal_v1(p_performance, p_reservation, p_overdue, v_lines);
    IF v_gone IS NOT NULL THEN
        RETURN v_gone;
    END IF;
    IF p_overdue <> '{}' THEN
        PERFORM {schema}.expire_holds_v1(
            p_performance, p_overdue, p_actor, 'in the way of a late confirm');
    END IF;
    UPDATE {schema}.events_reservation SET status = 'reserved'
        WHERE performance_id = p_performance AND id = p_reservation;
    UPDATE {schema}.events_seat SET status = 'reserved'
        WHERE performance_id = p_performance AND id = ANY (v_seats);
    UPDATE {schema}.events_reservationline SET status = 'reserved'
        WHERE performance_id = p_performance AND id = ANY (v_lines);
    INSERT INTO {schema}.events_movement (id, performance_id, allocation_id, seat_id,
            reservation_id, from_state, to_state, quantity, operation, actor, reason, at)
        SELECT {schema}.uuid7(), p_performance, l.allocation_id, l.seat_id, p_reservation,
               'available', 'reserved', l.quantity, 'retake', p_actor, p_reason, clock_timestamp()
        FROM {schema}.events_reservationline AS l
        WHERE l.performance_id = p_performance AND l.id = ANY (v_lines);
    FOR v_sum IN
        SELECT allocation_id, sum(quantity) AS places,
               coalesce(sum(quantity) FILTER (WHERE seat_id IS NULL), 0) AS unseated
            FROM {schema}.events_reservationline
            WHERE performance_id = p_performance AND id = ANY (v_lines)
            GROUP BY allocation_id ORDER BY allocation_id
    LOOP
        UPDATE {schema}.events_sectiontickettype
            SET available_capacity = available_capacity - v_sum.places,
                unseated_available = unseated_available - v_sum.unseated,
                reserved_capacity = reserved_capacity + v_sum.places
            WHERE performance_id = p_performance AND id = v_sum.allocation_id;
    END LOOP;
    IF p_overdue <> '{}' THEN
        PERFORM {schema}.offer_freed_v1(p_performance, p_overdue, p_actor);
    END IF;
    RETURN NULL;
END $$;
