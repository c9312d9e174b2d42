-- exchange_in_v1: the half of an exchange that takes new places, in the performance they are in.
--
-- Part of a transaction that has locked both performances and called exchange_out_v1 in the other;
-- a refusal here undoes that too. A new reservation with its own reference and secret; origin_id tells
-- which one it replaces. p_sold: the places given up were sold, so these are sold at once; else they
-- are held for p_ttl_seconds. p_currency: what was paid in.
-- Locks: see reserve_v1 and confirm_v1.
-- Outcomes: granted, as reserve_v1's | mixed_currencies {currencies} | the refusals of reserve_v1.
-- SQLSTATE: those of reserve_v1.
CREATE FUNCTION {schema}.exchange_in_v1(
    p_performance uuid, p_requests jsonb, p_sold boolean, p_ttl_seconds integer, p_kind text,
    p_reference text, p_token_hash bytea, p_customer text, p_channel text, p_currency text,
    p_origin uuid, p_from_performance uuid, p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_id uuid;
BEGIN
    v_outcome := {schema}.reserve_v1(p_performance, p_requests, p_ttl_seconds, p_kind, p_reference,
        p_token_hash, p_customer, p_channel, p_actor, p_reason);
    IF v_outcome ->> 'outcome' <> 'granted' THEN
        RETURN v_outcome;
    ELSIF v_outcome ->> 'currency' <> p_currency THEN
        RETURN jsonb_build_object('outcome', 'mixed_currencies',
            'currencies', jsonb_build_array(p_currency, v_outcome -> 'currency'));
    END IF;
    v_id := (v_outcome ->> 'reservation_id')::uuid;
    UPDATE {schema}.events_reservation SET origin_id = p_origin
        WHERE performance_id = p_performance AND id = v_id;
    IF p_sold THEN
        PERFORM {schema}.sell_lines_v1(p_performance, v_id, p_actor, p_reason);
    END IF;
    INSERT INTO {schema}.events_note
            (id, performance_id, reservation_id, operation, actor, reason, facts, at)
        VALUES ({schema}.uuid7(), p_performance, v_id, 'exchange', p_actor, p_reason,
            jsonb_build_object('from_performance_id', p_from_performance,
                'from_reservation_id', p_origin), clock_timestamp());
    RETURN v_outcome;
END $$;
