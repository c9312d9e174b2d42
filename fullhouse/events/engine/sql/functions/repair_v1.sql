-- repair_v1: mends what the audit finds in a performance, where it is certain. Lines say what is held
-- and sold; a counter, a seat or a ledger that says otherwise is mended only when the others of the
-- three agree with the lines, so that no sale is invented and none dropped. What is not certain is
-- left, and named.
-- `p_dry_run`: says what it would do, and nothing moves. `p_expected`: the digest of the plan that was
-- shown; another one now is refused (null: any).
-- Each step is in the ledger, or (what moves no place) a note, with actor and reason.
-- Locks: performance (with venue and event), sections, live reservations, seats, allocations, each by
-- id: the performance stands still.
-- Outcomes: repaired or would_repair {digest, steps: [{rule, table, id, before, after}], left: findings
--   of audit_v1 that stay}; refused: unknown {what, id}, plan_changed {digest}, over_venue.
-- SQLSTATEs: FH440 no reason, FH410, FH411 bad argument, 40001, 55P03, 25I01.
CREATE FUNCTION {schema}.repair_v1(
    p_performance uuid, p_dry_run boolean, p_expected text, p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql
SET fullhouse.engine TO 'on'
SET lock_timeout TO '5s' AS $$
DECLARE
    v_house record;
    v_steps jsonb;
    v_outcome jsonb;
    v_left jsonb;
    v_max integer;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    IF btrim(p_reason) = '' AND NOT p_dry_run THEN
        RAISE EXCEPTION 'reason: say why, in 1 to 255 characters' USING ERRCODE = 'FH440';
    END IF;
    PERFORM {schema}.require_read_committed('I1');
    PERFORM {schema}.capacity_checks_v1('later');
    BEGIN
        SELECT * INTO v_house FROM {schema}.lock_house_v1(p_performance);
        IF NOT FOUND THEN
            v_outcome := jsonb_build_object('outcome', 'unknown', 'what', 'performance',
                'id', p_performance);
            RAISE EXCEPTION 'refused: nothing moves' USING ERRCODE = 'FH002';
        END IF;
        PERFORM {schema}.repair_lock_v1(p_performance);
        v_steps := {schema}.repair_ledger_v1(p_performance, p_actor, p_reason);
        v_steps := v_steps || {schema}.repair_seats_v1(p_performance);
        v_steps := v_steps || {schema}.repair_counters_v1(p_performance);
        v_steps := v_steps || {schema}.repair_reservations_v1(p_performance);
        v_steps := v_steps || {schema}.repair_sums_v1(p_performance);
        v_steps := v_steps || {schema}.repair_rows_v1(p_performance);
        v_steps := v_steps || {schema}.repair_rules_v1(p_performance);
        INSERT INTO {schema}.events_note
                (id, performance_id, reservation_id, operation, actor, reason, facts)
            SELECT {schema}.uuid7(), p_performance,
                   CASE s.value ->> 'table' WHEN 'events_reservation'
                        THEN (s.value ->> 'id')::uuid END,
                   'repair', p_actor, p_reason, s.value
            FROM jsonb_array_elements(v_steps) AS s WHERE s.value ->> 'table' <> 'events_movement';
        SELECT p.max_capacity INTO v_max
            FROM {schema}.events_eventperformance AS p WHERE p.id = p_performance;
        IF v_max > v_house.max_capacity AND v_max > v_house.venue_capacity THEN
            v_outcome := jsonb_build_object('outcome', 'over_venue', 'max_capacity',
                v_house.max_capacity, 'venue_capacity', v_house.venue_capacity,
                'added', v_max - v_house.max_capacity, 'needed', v_max);
            RAISE EXCEPTION 'refused: nothing moves' USING ERRCODE = 'FH002';
        END IF;
        PERFORM {schema}.capacity_checks_v1('now');
        SELECT coalesce(jsonb_agg(jsonb_build_object('rule', f.rule, 'table', f.table_name,
                'id', f.id, 'expected', f.expected, 'found', f.found)), '[]')
            INTO v_left FROM {schema}.audit_v1(p_performance) AS f;
        v_outcome := jsonb_build_object('outcome', 'repaired', 'digest', md5(v_steps::text),
            'steps', v_steps, 'left', v_left);
        IF p_dry_run THEN
            v_outcome := v_outcome || '{"outcome": "would_repair"}';
        ELSIF p_expected <> v_outcome ->> 'digest' THEN
            v_outcome := jsonb_build_object('outcome', 'plan_changed',
                'digest', v_outcome ->> 'digest');
        END IF;
        IF v_outcome ->> 'outcome' <> 'repaired' THEN
            RAISE EXCEPTION 'refused, or only tried: nothing moves' USING ERRCODE = 'FH002';
        END IF;
    EXCEPTION WHEN SQLSTATE 'FH002' THEN
        NULL;
    END;
    RETURN v_outcome;
END $$;
