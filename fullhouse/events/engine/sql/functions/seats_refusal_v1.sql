-- seats_refusal_v1(performance, seats) -> jsonb: why one of these seats, which the caller has locked,
-- cannot be had, or null. Outcomes: unknown {what, id: [ids]}, seat_taken {seat_ids, seats: labels}.
CREATE FUNCTION {schema}.seats_refusal_v1(p_performance uuid, p_seats uuid[]) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_facts jsonb;
BEGIN
    SELECT jsonb_build_object('outcome', 'unknown', 'what', 'seat', 'id', jsonb_agg(w.id ORDER BY w.id))
        INTO v_facts
        FROM unnest(p_seats) AS w (id)
        WHERE NOT EXISTS (SELECT FROM {schema}.events_seat AS s
                          WHERE s.performance_id = p_performance AND s.id = w.id)
        HAVING count(*) > 0;
    IF v_facts IS NOT NULL THEN
        RETURN v_facts;
    END IF;
    SELECT jsonb_build_object('outcome', 'seat_taken', 'seat_ids', jsonb_agg(s.id ORDER BY s.id),
            'seats', jsonb_agg(s.row_number || '-' || s.seat_number ORDER BY s.id))
        INTO v_facts
        FROM {schema}.events_seat AS s
        WHERE s.performance_id = p_performance AND s.id = ANY (p_seats) AND s.status <> 'available'
        HAVING count(*) > 0;
    RETURN v_facts;
END $$;
