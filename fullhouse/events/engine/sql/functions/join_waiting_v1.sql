-- join_waiting_v1: a party takes its place at the end of the waiting list of a performance.
--
-- p_section, p_ticket_type: null is any. p_together: numbered seats only side by side. p_quantity:
-- places, all or none. p_offer_seconds: how long an offer holds them. p_token_hash: SHA-256 of the secret
-- under which the party may take an offer or withdraw, or null. Moves no place.
-- Locks: the unique index entry of (performance, customer, section, type).
-- Outcomes: joined {entry_id, ahead, joined_at} (ahead: entries waiting before it) | unknown | closed
--   | not_on_offer | not_whole_tickets | party_too_large {wanted, most} | already_waiting | key_reused.
-- SQLSTATE: FH410, FH411, FH433, FH484 to FH486 an argument; FH401, FH402 the key; 55P03.
CREATE FUNCTION {schema}.join_waiting_v1(
    p_performance uuid, p_section uuid, p_ticket_type uuid, p_quantity integer, p_together boolean,
    p_customer text, p_contact text, p_offer_seconds integer, p_token_hash bytea,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_id uuid := {schema}.uuid7();
    v_at timestamptz := clock_timestamp();
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, v_id, p_actor, p_reason);
    PERFORM {schema}.require_waiting_v1(
        p_quantity, p_offer_seconds, p_customer, p_contact, p_token_hash);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'join_waiting', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_outcome := {schema}.join_waiting_refusal_v1(
        p_performance, p_section, p_ticket_type, p_quantity);
    IF v_outcome IS NULL THEN
        INSERT INTO {schema}.events_waitingentry (id, performance_id, section_id, ticket_type_id,
                quantity, together, customer, contact, token_hash, offer_seconds, joined_at)
            VALUES (v_id, p_performance, p_section, p_ticket_type, p_quantity,
                coalesce(p_together, true), p_customer, p_contact, p_token_hash, p_offer_seconds, v_at)
            ON CONFLICT DO NOTHING;
        IF FOUND THEN
            v_outcome := jsonb_build_object('outcome', 'joined', 'entry_id', v_id, 'joined_at', v_at,
                'ahead', (SELECT count(*) FROM {schema}.events_waitingentry
                          WHERE performance_id = p_performance AND status = 'waiting'
                            AND (joined_at, id) < (v_at, v_id)));
        ELSE
            v_outcome := '{"outcome": "already_waiting"}';
        END IF;
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
