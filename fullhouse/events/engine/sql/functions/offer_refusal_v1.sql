-- offer_refusal_v1: why a locked offer cannot be taken any more, or null. Reads only.
-- Outcomes: expired {reservation_id, expires_at} | closed {status} | reference_taken {reference}.
CREATE FUNCTION {schema}.offer_refusal_v1(p_performance uuid, p_offer uuid, p_reference text)
RETURNS jsonb
LANGUAGE sql VOLATILE AS $$
    SELECT CASE
        WHEN r.expires_at <= clock_timestamp() THEN jsonb_build_object('outcome', 'expired',
            'reservation_id', r.id, 'expires_at', r.expires_at)
        WHEN p.status = 'cancelled' THEN jsonb_build_object('outcome', 'closed',
            'status', p.status, 'opens_at', NULL, 'closes_at', NULL)
        WHEN EXISTS (SELECT FROM {schema}.events_reservation
                WHERE performance_id = p_performance AND reference = p_reference) THEN
            jsonb_build_object('outcome', 'reference_taken', 'reference', p_reference)
        END
    FROM {schema}.events_reservation AS r
    JOIN {schema}.events_eventperformance AS p ON p.id = p_performance
    WHERE r.performance_id = p_performance AND r.id = p_offer
$$;
