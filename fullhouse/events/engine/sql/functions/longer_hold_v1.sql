-- longer_hold_v1: until when a locked hold may run if it is extended now; the answer of extend_v1.
-- Reads only: the caller has locked the reservation.
CREATE FUNCTION {schema}.longer_hold_v1(
    p_performance uuid, p_reservation uuid, p_ttl_seconds integer
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_wanted timestamptz := v_now + make_interval(secs => p_ttl_seconds);
    v_ends timestamptz;
    v_ceiling timestamptz;
    v_status text;
    v_facts jsonb;
BEGIN
    SELECT r.expires_at, r.created_at + make_interval(secs => p.hold_ceiling_seconds), p.status
        INTO v_ends, v_ceiling, v_status
        FROM {schema}.events_reservation AS r
        JOIN {schema}.events_eventperformance AS p ON p.id = p_performance
        WHERE r.performance_id = p_performance AND r.id = p_reservation;
    v_facts := jsonb_build_object('reservation_id', p_reservation, 'expires_at', v_ends);
    IF v_ends IS NULL THEN
        RETURN jsonb_build_object('outcome', 'no_deadline', 'reservation_id', p_reservation);
    ELSIF v_ends <= v_now THEN
        RETURN v_facts || '{"outcome": "expired"}';
    ELSIF v_status = 'cancelled' THEN
        RETURN jsonb_build_object('outcome', 'closed', 'status', v_status,
            'opens_at', NULL, 'closes_at', NULL);
    ELSIF v_wanted <= v_ends THEN
        RETURN v_facts || '{"outcome": "not_longer"}';
    ELSIF v_ceiling <= v_ends THEN
        RETURN v_facts || jsonb_build_object('outcome', 'at_ceiling', 'ceiling', v_ceiling);
    END IF;
    RETURN jsonb_build_object('outcome', 'extended', 'reservation_id', p_reservation,
        'expires_at', least(v_wanted, v_ceiling), 'capped', v_wanted > v_ceiling,
        'ceiling', v_ceiling);
END $$;
