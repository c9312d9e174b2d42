-- exchange_attempt_v1: one attempt of exchange_v1, inside its subtransaction: whatever it answers but
-- `exchanged` has to be rolled back.
-- SQLSTATE FH001: overdue holds came in the way after the locks were taken; roll back, try again.
-- Locks, rules, outcomes: see exchange_v1.
CREATE FUNCTION {schema}.exchange_attempt_v1(
    p_performance uuid, p_reservation uuid, p_lines jsonb, p_requests jsonb,
    p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_overdue uuid[];
    v_row {schema}.events_reservation;
    v_refusal jsonb;
    v_chosen jsonb;
    v_plan jsonb;
    v_given jsonb;
    v_judged boolean := false;
BEGIN
    SELECT * INTO v_row FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = p_reservation;
    IF v_row.kind = 'sale' THEN
        v_judged := {schema}.judge_seats_v1(p_performance, p_requests);
        PERFORM {schema}.lock_customer_v1(p_performance, v_row.customer);
        v_given := {schema}.lock_channel_v1(p_performance, v_row.channel, true);
    END IF;
    v_overdue := {schema}.lock_swap_v1(p_performance, ARRAY[p_reservation], p_requests);
    v_refusal := coalesce(
        {schema}.closed_refusal_v1(p_performance),
        {schema}.changeable_v1(p_performance, p_reservation));
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT * INTO v_row FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = p_reservation;
    v_chosen := {schema}.chosen_lines_v1(
        p_performance, p_reservation, v_row.status, p_lines, 'not_live');
    IF v_chosen ? 'outcome' THEN
        RETURN v_chosen;
    END IF;
    PERFORM {schema}.give_up_lines_v1(
        p_performance, v_chosen -> 'lines', v_row.status, 'exchange', p_actor, p_reason);
    v_plan := {schema}.exchange_plan_v1(
        p_performance, p_requests, v_overdue, p_actor, v_given);
    IF v_plan ? 'outcome' THEN
        RETURN v_plan;
    ELSIF v_plan ->> 'currency' <> v_chosen ->> 'currency' THEN
        RETURN jsonb_build_object('outcome', 'mixed_currencies', 'currencies',
            jsonb_build_array(v_chosen -> 'currency', v_plan -> 'currency'));
    END IF;
    v_refusal := coalesce(
        CASE WHEN v_judged THEN {schema}.seats_rule_refusal_v1(p_performance, p_requests) END,
        {schema}.exchange_rules_v1(p_performance, p_reservation, v_plan -> 'lines'));
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    PERFORM {schema}.add_lines_v1(p_performance, p_reservation, v_plan -> 'lines', v_row.status,
        'exchange', p_actor, p_reason, v_row.channel);
    PERFORM {schema}.offer_freed_v1(p_performance, v_overdue || p_reservation, p_actor);
    RETURN v_plan || jsonb_build_object('outcome', 'exchanged', 'reservation_id', p_reservation,
        'reference', v_row.reference, 'status', v_row.status, 'gone', v_chosen -> 'lines',
        'given_up', v_chosen -> 'amount', 'difference',
        ((v_plan ->> 'total')::numeric - (v_chosen ->> 'amount')::numeric)::text);
END $$;
