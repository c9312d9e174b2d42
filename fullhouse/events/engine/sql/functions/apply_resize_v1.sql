-- apply_resize_v1: writes what resize_locked_v1 has decided: `p_change` places more (unseated) or
-- fewer (the named seats, the rest unseated).
CREATE FUNCTION {schema}.apply_resize_v1(
    p_performance uuid, p_section uuid, p_allocation uuid, p_change integer, p_seats uuid[],
    p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_total integer;
    v_max integer;
    v_allocated integer;
    v_unseated integer := p_change + cardinality(p_seats);
BEGIN
    UPDATE {schema}.events_eventperformance SET max_capacity = max_capacity + p_change
        WHERE id = p_performance RETURNING max_capacity INTO v_max;
    UPDATE {schema}.events_eventsection SET total_capacity = total_capacity + p_change
        WHERE performance_id = p_performance AND id = p_section
        RETURNING total_capacity INTO v_total;
    UPDATE {schema}.events_reservationline SET seat_id = NULL
        WHERE performance_id = p_performance AND seat_id = ANY (p_seats);
    DELETE FROM {schema}.events_seat WHERE performance_id = p_performance AND id = ANY (p_seats);
    PERFORM {schema}.record_places_v1(p_performance, p_allocation, p_seats, v_unseated, 'resize',
        p_actor, p_reason);
    UPDATE {schema}.events_sectiontickettype
        SET allocated_capacity = allocated_capacity + p_change,
            available_capacity = available_capacity + p_change,
            unseated_available = unseated_available + v_unseated
        WHERE performance_id = p_performance AND id = p_allocation
        RETURNING allocated_capacity INTO v_allocated;
    RETURN jsonb_build_object('outcome', 'resized', 'section_id', p_section,
        'allocation_id', p_allocation, 'allocated_capacity', v_allocated, 'total_capacity', v_total,
        'max_capacity', v_max, 'change', p_change);
END $$;
