-- give_back_refusal_v1: locks the reservation that sets places aside; says why the lines cannot be given
-- back, or which lines they are. Locks: reservation.
CREATE FUNCTION {schema}.give_back_refusal_v1(
    p_performance uuid, p_reservation uuid, p_lines uuid[], OUT refusal jsonb, OUT lines uuid[]
)
LANGUAGE plpgsql AS $$
DECLARE
    v_kind text;
    v_status text;
BEGIN
    SELECT r.kind, r.status INTO v_kind, v_status FROM {schema}.events_reservation AS r
        WHERE r.performance_id = p_performance AND r.id = p_reservation FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        refusal := jsonb_build_object('outcome', 'unknown', 'what', 'reservation', 'id', p_reservation);
    ELSIF v_kind NOT IN ('house', 'kill', 'channel') THEN
        refusal := jsonb_build_object('outcome', 'not_house', 'kind', v_kind);
    ELSIF v_status <> 'reserved' THEN
        refusal := jsonb_build_object('outcome', 'not_reserved', 'status', v_status);
    ELSE
        SELECT array_agg(l.id ORDER BY l.id) INTO lines
            FROM {schema}.events_reservationline AS l
            WHERE l.performance_id = p_performance AND l.reservation_id = p_reservation
              AND l.status = 'reserved' AND (p_lines IS NULL OR l.id = ANY (p_lines));
        IF p_lines IS NOT NULL AND coalesce(cardinality(lines), 0) < cardinality(p_lines) THEN
            refusal := jsonb_build_object('outcome', 'unknown', 'what', 'line', 'id',
                (SELECT jsonb_agg(w) FROM unnest(p_lines) AS w WHERE w <> ALL (coalesce(lines, '{}'))));
        END IF;
    END IF;
END $$;
