-- end_all_lines_v1: every live line of a performance ends; the caller has called lock_live_v1.
--
-- Each table once, whatever the number of lines: sold becomes refunded, reserved becomes released.
-- Writes one movement a line, all with one time. Returns {refunded, released} in places.
CREATE FUNCTION {schema}.end_all_lines_v1(
    p_performance uuid, p_operation text, p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_at timestamptz := clock_timestamp();
    v_ended jsonb;
    v_overbooked bigint;
BEGIN
    SELECT jsonb_build_object(
            'refunded', coalesce(sum(quantity) FILTER (WHERE status = 'sold'), 0),
            'released', coalesce(sum(quantity) FILTER (WHERE status = 'reserved'), 0)),
           coalesce(sum(quantity) FILTER (WHERE overbooked), 0)
        INTO v_ended, v_overbooked
        FROM {schema}.events_reservationline
        WHERE performance_id = p_performance AND status IN ('reserved', 'sold');
    INSERT INTO {schema}.events_movement (id, performance_id, allocation_id, seat_id,
            reservation_id, from_state, to_state, quantity, operation, actor, reason, at)
        SELECT {schema}.uuid7(), p_performance, l.allocation_id, l.seat_id, l.reservation_id,
               l.status, CASE WHEN l.overbooked THEN NULL ELSE 'available' END, l.quantity,
               p_operation, p_actor, p_reason, v_at
        FROM {schema}.events_reservationline AS l
        WHERE l.performance_id = p_performance AND l.status IN ('reserved', 'sold');
    UPDATE {schema}.events_reservationline
        SET status = CASE status WHEN 'sold' THEN 'refunded' ELSE 'released' END
        WHERE performance_id = p_performance AND status IN ('reserved', 'sold');
    UPDATE {schema}.events_reservation
        SET status = CASE status WHEN 'sold' THEN 'refunded' ELSE 'released' END
        WHERE performance_id = p_performance AND status IN ('reserved', 'sold');
    UPDATE {schema}.events_seat SET status = 'available'
        WHERE performance_id = p_performance AND status IN ('reserved', 'sold');
    PERFORM {schema}.free_allocations_v1(p_performance, v_at, p_operation);
    IF v_overbooked > 0 THEN
        UPDATE {schema}.events_eventsection AS s
            SET total_capacity = s.total_capacity - gone.places
            FROM (SELECT a.section_id, sum(l.quantity) AS places
                FROM {schema}.events_movement AS l
                JOIN {schema}.events_sectiontickettype AS a
                    ON a.performance_id = p_performance AND a.id = l.allocation_id
                WHERE l.performance_id = p_performance AND l.at = v_at
                  AND l.operation = p_operation AND l.to_state IS NULL
                GROUP BY a.section_id) AS gone
            WHERE s.performance_id = p_performance AND s.id = gone.section_id;
        UPDATE {schema}.events_eventperformance SET max_capacity = max_capacity - v_overbooked
            WHERE id = p_performance;
    END IF;
    RETURN v_ended;
END $$;
