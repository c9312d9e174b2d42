-- confirm_refusal_v1: lock the hold; NULL when it may be sold, else the refusal.
-- The clock is read after the lock: a wait cannot make an overdue hold look live.
-- Locks: the reservation.
CREATE FUNCTION {schema}.confirm_refusal_v1(p_performance uuid, p_reservation uuid) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_refusal jsonb := {schema}.lock_hold_v1(p_performance, p_reservation);
    v_expires_at timestamptz;
    v_status text;
BEGIN
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT expires_at INTO v_expires_at FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = p_reservation;
    IF v_expires_at <= clock_timestamp() THEN
        RETURN jsonb_build_object('outcome', 'expired', 'reservation_id', p_reservation,
            'expires_at', v_expires_at);
    END IF;
    SELECT status INTO v_status FROM {schema}.events_eventperformance WHERE id = p_performance;
    IF v_status = 'cancelled' THEN
        RETURN jsonb_build_object('outcome', 'closed', 'status', v_status,
            'opens_at', NULL, 'closes_at', NULL);
    END IF;
    RETURN NULL;
END $$;
