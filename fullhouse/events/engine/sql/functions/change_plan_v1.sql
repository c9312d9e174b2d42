-- change_plan_v1: changes the house of a performance to another version of its plan, beside its sales.
-- What is there stays in its allocation at its price. Seats that the plan has not leave, new ones are
-- made in the allocation of their ticket type or the pool; labels, ranks, positions and flags follow
-- the plan; places without a number are made in the section's only allocation or its pool, and taken
-- from the pool first. A section that leaves the plan stays, empty: its history points at it.
-- `p_configuration` is that of open_performance_v1. Holds past their deadline that are in the way are
-- expired in the same call. `p_dry_run`: says what would be done, and nothing moves.
-- Units: places. Locks: venue, event (FOR SHARE), performance, sections; overdue holds in the way by
-- id; the seats that change by id; then those of clear_way_v1.
-- Outcomes: changed or would_change {added, removed, updated (seats), unseated: [{section, change}],
--   new_sections, emptied_sections, max_capacity}; refused, nothing moved: would_orphan (see
--   plan_orphans_v1), unknown {what, id}, over_venue, and the refusals of open_performance_refusal_v1; key_reused.
-- SQLSTATEs: FH441 the configuration cannot be meant, FH410, FH411, FH401, FH402, 22xxx, 40001, 55P03,
--   25I01.
CREATE FUNCTION {schema}.change_plan_v1(
    p_performance uuid, p_plan uuid, p_configuration jsonb, p_dry_run boolean, p_actor text,
    p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql
SET fullhouse.engine TO 'on'
SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_problem text := {schema}.configuration_problem_v1(p_configuration);
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    IF v_problem IS NOT NULL THEN
        RAISE EXCEPTION '%', v_problem USING ERRCODE = 'FH441';
    END IF;
    PERFORM {schema}.require_read_committed('I1');
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'change_plan', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    PERFORM {schema}.capacity_checks_v1('later');
    BEGIN
        v_outcome := {schema}.change_plan_locked_v1(
            p_performance, p_plan, p_configuration, p_actor, p_reason);
        IF v_outcome ->> 'outcome' = 'changed' THEN
            PERFORM {schema}.capacity_checks_v1('now');
            IF p_dry_run THEN
                v_outcome := v_outcome || '{"outcome": "would_change"}';
            END IF;
        END IF;
        IF v_outcome ->> 'outcome' <> 'changed' THEN
            RAISE EXCEPTION 'refused, or only tried: nothing moves' USING ERRCODE = 'FH002';
        END IF;
    EXCEPTION WHEN SQLSTATE 'FH002' THEN
        NULL;
    END;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
