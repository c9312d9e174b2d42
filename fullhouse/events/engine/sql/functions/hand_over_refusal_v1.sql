-- hand_over_refusal_v1: locks the source of a hand-over; says why its places cannot be passed on, or null.
-- The clock is read after the lock: a wait cannot make what is overdue look live.
-- Locks: the reservation. Outcomes: see hand_over_v1.
CREATE FUNCTION {schema}.hand_over_refusal_v1(
    p_performance uuid, p_reservation uuid, p_kind text, p_reference text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_from {schema}.events_reservation;
    v_status text;
BEGIN
    SELECT * INTO v_from FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = p_reservation FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'reservation', 'id', p_reservation);
    ELSIF v_from.status <> 'reserved' THEN
        RETURN jsonb_build_object('outcome', 'not_reserved',
            'reservation_id', p_reservation, 'status', v_from.status);
    ELSIF v_from.kind = 'offer' THEN
        RETURN jsonb_build_object('outcome', 'waiting_offer', 'reservation_id', p_reservation);
    ELSIF v_from.expires_at <= clock_timestamp() THEN
        RETURN jsonb_build_object('outcome', 'expired', 'reservation_id', p_reservation,
            'expires_at', v_from.expires_at);
    END IF;
    SELECT status INTO v_status FROM {schema}.events_eventperformance WHERE id = p_performance;
    IF v_status = 'cancelled' AND p_kind IN ('sale', 'comp') THEN
        RETURN jsonb_build_object('outcome', 'closed', 'status', v_status,
            'opens_at', NULL, 'closes_at', NULL);
    ELSIF EXISTS (SELECT FROM {schema}.events_reservation
            WHERE performance_id = p_performance AND reference = p_reference) THEN
        RETURN jsonb_build_object('outcome', 'reference_taken', 'reference', p_reference);
    END IF;
    RETURN NULL;
END $$;
