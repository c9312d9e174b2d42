-- exchange_plan_v1: plan what is wanted instead, after the old places have come back; where only
-- overdue holds are in the way, which the caller has locked, they are expired.
-- p_given: what the sales channel gives, see lock_channel_v1.
-- Returns the plan or the refusal of reserve_plan_v1. Everything it may touch is locked already.
-- SQLSTATE FH001: an overdue hold is in the way that is not locked.
CREATE FUNCTION {schema}.exchange_plan_v1(
    p_performance uuid, p_requests jsonb, p_overdue uuid[], p_actor text, p_given jsonb
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_event uuid;
    v_due uuid[];
    v_plan jsonb;
BEGIN
    SELECT event_id INTO v_event FROM {schema}.events_eventperformance WHERE id = p_performance;
    IF p_overdue <> '{}' AND {schema}.list_first_v1(p_performance, p_overdue) THEN
        PERFORM {schema}.expire_holds_v1(
            p_performance, p_overdue, p_actor, 'in the way of an exchange');
        PERFORM {schema}.offer_freed_v1(p_performance, p_overdue, p_actor);
    END IF;
    v_plan := {schema}.reserve_plan_v1(p_performance, v_event, p_requests, '{}', p_given);
    IF coalesce(v_plan ->> 'outcome', '') NOT IN ('sold_out', 'seat_taken') THEN
        RETURN v_plan;
    END IF;
    v_due := {schema}.in_the_way_v1(p_performance, p_requests);
    IF NOT v_due <@ p_overdue THEN
        RAISE EXCEPTION 'overdue holds are in the way' USING ERRCODE = 'FH001';
    ELSIF v_due <> '{}' THEN
        v_plan := {schema}.reserve_plan_v1(p_performance, v_event, p_requests, v_due, p_given);
        IF NOT v_plan ? 'outcome' THEN
            PERFORM {schema}.expire_holds_v1(
                p_performance, v_due, p_actor, 'in the way of an exchange');
        END IF;
    END IF;
    RETURN v_plan;
END $$;
