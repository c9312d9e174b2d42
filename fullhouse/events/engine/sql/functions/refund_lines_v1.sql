-- refund_lines_v1: which sold lines a refund means, and how many places of each.
-- p_status is the locked reservation's status, NULL when there is none.
-- Returns {"lines": [{"id", "quantity"}]} or a refusal of refund_v1. Reads only.
CREATE FUNCTION {schema}.refund_lines_v1(
    p_performance uuid, p_reservation uuid, p_status text, p_lines jsonb
) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_wanted record;
    v_chosen jsonb;
BEGIN
    IF p_status IS NULL THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'reservation', 'id', p_reservation);
    END IF;
    IF p_status <> 'sold' THEN
        RETURN jsonb_build_object(
            'outcome', 'not_sold', 'reservation_id', p_reservation, 'status', p_status);
    END IF;
    FOR v_wanted IN
        SELECT w.line_id, w.quantity, l.quantity AS sold, l.status
            FROM jsonb_to_recordset(p_lines) AS w (line_id uuid, quantity integer)
            LEFT JOIN {schema}.events_reservationline AS l
                ON l.performance_id = p_performance AND l.id = w.line_id
                AND l.reservation_id = p_reservation
    LOOP
        IF v_wanted.status IS NULL THEN
            RETURN jsonb_build_object('outcome', 'unknown', 'what', 'line', 'id', v_wanted.line_id);
        ELSIF v_wanted.status <> 'sold' THEN
            RETURN jsonb_build_object('outcome', 'not_sold', 'reservation_id', p_reservation,
                'line', v_wanted.line_id, 'status', v_wanted.status);
        ELSIF v_wanted.quantity > v_wanted.sold THEN
            RETURN jsonb_build_object('outcome', 'too_many', 'line', v_wanted.line_id,
                'sold', v_wanted.sold, 'wanted', v_wanted.quantity);
        END IF;
    END LOOP;
    SELECT jsonb_agg(jsonb_build_object('id', l.id, 'quantity', coalesce(w.quantity, l.quantity)))
        INTO v_chosen
        FROM {schema}.events_reservationline AS l
        LEFT JOIN jsonb_to_recordset(p_lines) AS w (line_id uuid, quantity integer)
            ON w.line_id = l.id
        WHERE l.performance_id = p_performance AND l.reservation_id = p_reservation
          AND l.status = 'sold' AND (p_lines IS NULL OR w.line_id IS NOT NULL);
    RETURN jsonb_build_object('lines', v_chosen);
END $$;
