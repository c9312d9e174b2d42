-- take_offer_v1: the party takes what the waiting list offered it: its places become an ordinary hold
-- of its own for p_ttl_seconds, or with p_sold a sale, in one step and at the prices offered.
-- p_token_hash: of the secret given on joining; null: staff. The sale is under the entry's customer.
-- Units: places. Locks: performance, offer, entry; with p_sold seats and allocations by id.
-- Outcomes: taken {entry_id} and what handed_over of hand_over_v1 has | unknown | wrong_token
--   | not_waiting {status} | expired {expires_at} | closed (cancelled) | reference_taken | key_reused.
-- SQLSTATE: FH410, FH411, FH430 to FH434, FH483; FH401, FH402; 55P03.
CREATE FUNCTION {schema}.take_offer_v1(
    p_performance uuid, p_entry uuid, p_token_hash bytea, p_sold boolean, p_ttl_seconds integer,
    p_reference text, p_channel text,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_found record;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_entry, p_actor, p_reason);
    PERFORM {schema}.require_hand_over_v1('sale', p_sold, p_ttl_seconds, NULL, p_reference,
        p_token_hash, '', p_channel, '');
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'take_offer', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    SELECT * INTO v_found
        FROM {schema}.lock_entry_v1(p_performance, p_entry, p_token_hash, '{offered}');
    v_outcome := coalesce(v_found.refusal, {schema}.offer_refusal_v1(
        p_performance, (v_found.entry).offer_id, p_reference));
    IF v_outcome IS NULL THEN
        v_outcome := {schema}.pass_on_v1(p_performance, (v_found.entry).offer_id,
            {schema}.hand_over_plan_v1(p_performance, (v_found.entry).offer_id, NULL, 'sale'),
            'sale', p_sold, clock_timestamp() + make_interval(secs => p_ttl_seconds), p_reference,
            (v_found.entry).token_hash, (v_found.entry).customer, p_channel, '', 'take_offer',
            p_actor, p_reason);
    END IF;
    IF v_outcome ->> 'outcome' = 'handed_over' THEN
        UPDATE {schema}.events_waitingentry SET status = 'taken'
            WHERE performance_id = p_performance AND id = p_entry;
        v_outcome := v_outcome || jsonb_build_object('outcome', 'taken', 'entry_id', p_entry);
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
