-- make_offer_v1: hold places for a waiting party: a reservation of kind offer, under the secret that the
-- party was given when it joined. Null where they cannot be sold as wished (its type is not on offer).
-- p_requests: free places under the caller's locks. p_operation: offer, or offer_out_of_turn.
-- Returns {entry_id, reservation_id, reference, expires_at, quantity, passed, currency, total, lines}.
-- A note tells who was passed over and why the offer was made; nothing in it is personal.
-- Locks: the entry. Writes one movement a line.
CREATE FUNCTION {schema}.make_offer_v1(
    p_performance uuid, p_entry {schema}.events_waitingentry, p_requests jsonb, p_seconds integer,
    p_operation text, p_passed integer, p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_id uuid := {schema}.uuid7();
    v_reference text := 'OFFER-' || upper(right(v_id::text, 12));
    v_expires_at timestamptz := clock_timestamp() + make_interval(secs => p_seconds);
    v_plan jsonb;
BEGIN
    SELECT {schema}.reserve_plan_v1(p_performance, p.event_id, p_requests, '{}') INTO v_plan
        FROM {schema}.events_eventperformance AS p WHERE p.id = p_performance;
    IF v_plan ? 'outcome' THEN
        RETURN NULL;
    END IF;
    UPDATE {schema}.events_waitingentry SET status = 'offered', offer_id = v_id
        WHERE performance_id = p_performance AND id = p_entry.id AND status = p_entry.status;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM {schema}.take_v1(p_performance, v_id, v_plan -> 'lines', v_expires_at, 'offer',
        v_reference, p_entry.token_hash, '', '', p_actor, p_reason);
    INSERT INTO {schema}.events_note
            (id, performance_id, reservation_id, operation, actor, reason, facts, at)
        VALUES ({schema}.uuid7(), p_performance, v_id, p_operation, p_actor, p_reason,
            jsonb_build_object('entry_id', p_entry.id, 'quantity', p_entry.quantity,
                'passed', p_passed, 'expires_at', v_expires_at), clock_timestamp());
    RETURN v_plan || jsonb_build_object('entry_id', p_entry.id, 'reservation_id', v_id,
        'reference', v_reference, 'expires_at', v_expires_at, 'quantity', p_entry.quantity,
        'passed', p_passed);
END $$;
