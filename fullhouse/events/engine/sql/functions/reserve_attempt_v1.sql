-- reserve_attempt_v1: one attempt of reserve_v1, inside its subtransaction.
--
-- p_careful false: look without locks, then take, the conditional UPDATE of the hot row last.
-- p_careful true: lock all that may be needed, in order; then look, decide, expire and take.
-- Where the waiting list comes first, overdue holds are expired before the look, and the list is offered
-- their places; that stands even if nothing is left for this request.
-- SQLSTATE FH001: a race was lost or overdue holds are in the way; roll back, try again carefully.
-- Locks, rules, outcomes: see reserve_v1.
CREATE FUNCTION {schema}.reserve_attempt_v1(
    p_performance uuid, p_id uuid, p_requests jsonb, p_careful boolean,
    p_ttl_seconds integer, p_kind text, p_reference text, p_token_hash bytea,
    p_customer text, p_channel text, p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_event uuid;
    v_ruled boolean;
    v_given jsonb;
    v_refusal jsonb;
    v_overdue uuid[] := '{}';
    v_plan jsonb;
    v_judged boolean := false;
    v_expires_at timestamptz;
BEGIN
    SELECT event_id, has_rules AND p_kind = 'sale',
           CASE WHEN status <> 'on_sale' OR sales_open_at > clock_timestamp()
                OR sales_close_at <= clock_timestamp()
            THEN jsonb_build_object('outcome', 'closed', 'status', status,
                'opens_at', sales_open_at, 'closes_at', sales_close_at) END
        INTO v_event, v_ruled, v_refusal
        FROM {schema}.events_eventperformance WHERE id = p_performance;
    IF v_event IS NULL THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'performance', 'id', p_performance);
    ELSIF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    IF p_kind = 'sale' AND p_requests @? '$[*].seat_id' AND NOT p_requests -> 0 ? 'chosen' THEN
        v_judged := {schema}.judge_seats_v1(p_performance, p_requests);
    END IF;
    IF v_ruled THEN
        PERFORM {schema}.lock_customer_v1(p_performance, p_customer);
        v_given := {schema}.lock_channel_v1(p_performance, p_channel, p_careful);
    END IF;
    IF p_careful THEN
        v_overdue := {schema}.lock_in_the_way_v1(p_performance, p_requests);
        IF v_overdue <> '{}' AND {schema}.list_first_v1(p_performance, v_overdue) THEN
            PERFORM {schema}.expire_holds_v1(
                p_performance, v_overdue, p_actor, 'in the way of a reserve');
            PERFORM {schema}.offer_freed_v1(p_performance, v_overdue, p_actor);
            v_overdue := '{}';
        END IF;
    END IF;
    v_plan := {schema}.reserve_plan_v1(p_performance, v_event, p_requests, v_overdue, v_given);
    IF v_plan ? 'outcome' THEN
        IF v_plan ->> 'outcome' IN ('sold_out', 'seat_taken')
                AND NOT {schema}.in_the_way_v1(p_performance, p_requests) <@ v_overdue THEN
            RAISE EXCEPTION 'overdue holds are in the way' USING ERRCODE = 'FH001';
        END IF;
        RETURN v_plan;
    END IF;
    IF v_judged THEN
        v_refusal := {schema}.seats_rule_refusal_v1(p_performance, p_requests);
        IF v_refusal IS NOT NULL THEN
            RETURN v_refusal;
        END IF;
    END IF;
    IF v_ruled THEN
        v_refusal := {schema}.rules_refusal_v1(p_performance, v_plan -> 'lines', p_customer);
        IF v_refusal IS NOT NULL THEN
            RETURN v_refusal;
        END IF;
    END IF;
    IF v_overdue <> '{}' THEN
        PERFORM {schema}.expire_holds_v1(p_performance, v_overdue, p_actor, 'in the way of a reserve');
    END IF;
    v_expires_at := clock_timestamp() + make_interval(secs => p_ttl_seconds);
    PERFORM {schema}.take_v1(p_performance, p_id, v_plan -> 'lines', v_expires_at,
        p_kind, p_reference, p_token_hash, p_customer, p_channel, p_actor, p_reason);
    RETURN v_plan || jsonb_build_object('outcome', 'granted', 'reservation_id', p_id,
        'reference', p_reference, 'expires_at', v_expires_at);
END $$;
