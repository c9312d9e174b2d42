-- reserve_quick_v1: reserve_v1's commonest request without a subtransaction; null: ask reserve_v1.
--
-- One quantity of one allocation that is free. A subtransaction gives up its own lock before the
-- transaction ends, so that everyone who waits for the hot row is woken twice a hold; here nobody is.
-- The price: where a race is lost, what was written cannot be taken back here. Null then means that
-- the caller must roll back (reserve_early_v1 does) before it asks reserve_v1.
-- Locks, outcomes, SQLSTATEs: see reserve_v1.
CREATE FUNCTION {schema}.reserve_quick_v1(
    p_performance uuid, p_requests jsonb, p_ttl_seconds integer, p_kind text, p_reference text,
    p_token_hash bytea, p_customer text, p_channel text,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_id uuid := {schema}.uuid7();
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, v_id, p_actor, p_reason);
    PERFORM {schema}.require_reserve_v1(
        p_ttl_seconds, p_kind, p_reference, p_token_hash, p_customer, p_channel);
    PERFORM {schema}.require_requests_v1(p_requests);
    IF jsonb_array_length(p_requests) <> 1 OR p_requests -> 0 ->> 'allocation_id' IS NULL
            OR p_requests -> 0 ->> 'ticket_type_id' IS NOT NULL THEN
        RETURN NULL;
    END IF;
    IF p_key IS NOT NULL THEN
        v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'reserve', p_digest);
        IF v_outcome IS NOT NULL THEN
            RETURN v_outcome;
        END IF;
    END IF;
    v_outcome := {schema}.reserve_one_v1(p_performance, v_id,
        (p_requests -> 0 ->> 'allocation_id')::uuid, (p_requests -> 0 ->> 'quantity')::integer,
        p_ttl_seconds, p_kind, p_reference, p_token_hash, p_customer, p_channel,
        p_actor, p_reason);
    IF v_outcome IS NULL OR v_outcome ->> 'outcome' = 'lost' THEN
        RETURN NULL;
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
