-- house_refusal_v1: why house_v1 cannot have these places, which it has locked, or null.
CREATE FUNCTION {schema}.house_refusal_v1(
    p_performance uuid, p_allocations uuid[], p_quantities integer[], p_seats uuid[]
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_status text;
    v_facts jsonb;
BEGIN
    SELECT status INTO v_status FROM {schema}.events_eventperformance WHERE id = p_performance;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'performance', 'id', p_performance);
    ELSIF v_status = 'cancelled' THEN
        RETURN jsonb_build_object('outcome', 'closed', 'status', v_status,
            'opens_at', NULL, 'closes_at', NULL);
    END IF;
    v_facts := {schema}.seats_refusal_v1(p_performance, p_seats);
    IF v_facts IS NOT NULL THEN
        RETURN v_facts;
    END IF;
    SELECT CASE WHEN a.id IS NULL
            THEN jsonb_build_object('outcome', 'unknown', 'what', 'allocation', 'id', w.id)
            ELSE jsonb_build_object('outcome', 'sold_out', 'allocation_id', w.id,
                'wanted', w.quantity, 'left', a.unseated_available) END
        INTO v_facts
        FROM unnest(p_allocations, p_quantities) AS w (id, quantity)
        LEFT JOIN {schema}.events_sectiontickettype AS a
            ON a.performance_id = p_performance AND a.id = w.id
        WHERE a.id IS NULL OR a.unseated_available < w.quantity
        ORDER BY a.id NULLS FIRST LIMIT 1;
    RETURN v_facts;
END $$;
