-- transfer_v1: a hold or a sale goes to another customer, whole or some lines.
--
-- p_lines: as refund's (NULL: every live line). Whole, the reservation stays itself: another customer,
-- another secret, so that the old one opens nothing any more. Some lines are split off into a
-- reservation of their own under p_reference (origin_id tells which one they came from) with the same
-- status, deadline, kind and channel; the rest keeps customer, reference and secret. Prices stay. No place
-- changes its state; a split is in the ledger as places given and taken, a Note says why, without
-- personal data. Works whatever the performance's status.
-- A limit per customer holds for whom the places go to.
-- Locks: (with rules: the customer;) reservation.
-- Outcomes: transferred {reservation_id, reference, origin_id (null: whole), places}
--   | unknown | kept_by_house {kind} | not_live {status} | expired {expires_at} | too_many
--   | part_of_ticket | reference_taken {reference} | over_limit {limit, wanted, had, per, ticket_type_id}
--   | key_reused.
-- SQLSTATE: FH410, FH411, FH420 to FH422 the lines, FH432, FH433 reference and token, FH494 the
-- customer; FH401, FH402 the key; 55P03.
CREATE FUNCTION {schema}.transfer_v1(
    p_performance uuid, p_reservation uuid, p_lines jsonb, p_customer text, p_reference text,
    p_token_hash bytea,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_chosen jsonb;
    v_status text;
    v_ruled boolean;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_reservation, p_actor, p_reason);
    PERFORM {schema}.require_lines_v1(p_lines);
    PERFORM {schema}.require_reserve_v1(60, 'sale', p_reference, p_token_hash, p_customer, '');
    IF btrim(p_customer) = '' OR p_token_hash IS NULL THEN
        RAISE EXCEPTION 'customer: say whom the places go to' USING ERRCODE = 'FH494';
    END IF;
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'transfer', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    SELECT has_rules INTO v_ruled FROM {schema}.events_eventperformance WHERE id = p_performance;
    IF v_ruled THEN
        PERFORM {schema}.lock_customer_v1(p_performance, p_customer);
    END IF;
    SELECT status INTO v_status FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = p_reservation FOR NO KEY UPDATE;
    v_outcome := {schema}.changeable_v1(p_performance, p_reservation);
    IF v_outcome IS NOT NULL THEN
        RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
    END IF;
    BEGIN
        v_chosen := {schema}.chosen_lines_v1(
            p_performance, p_reservation, v_status, p_lines, 'not_live');
        v_outcome := CASE WHEN v_chosen ? 'outcome' THEN v_chosen
            ELSE {schema}.transfer_lines_v1(p_performance, p_reservation, v_chosen -> 'lines',
                p_customer, p_reference, p_token_hash, p_actor, p_reason) END;
        IF v_ruled AND v_outcome ->> 'outcome' = 'transferred' THEN
            v_outcome := coalesce({schema}.customer_refusal_v1(p_performance, p_customer,
                (v_outcome ->> 'reservation_id')::uuid), v_outcome);
        END IF;
        IF v_outcome ->> 'outcome' <> 'transferred' THEN
            RAISE EXCEPTION 'refused: nothing moves' USING ERRCODE = 'FH002';
        END IF;
    EXCEPTION WHEN SQLSTATE 'FH002' THEN
        NULL;
    END;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
