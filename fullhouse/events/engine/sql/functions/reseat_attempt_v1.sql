-- reseat_attempt_v1: one attempt of reseat_v1, inside its subtransaction: whatever it answers but
-- `reseated` has to be rolled back.
-- SQLSTATE FH001: an overdue hold came in the way after the locks were taken, or a line went to
-- another reservation; roll back, try again. Locks, rules, outcomes: see reseat_v1.
CREATE FUNCTION {schema}.reseat_attempt_v1(
    p_performance uuid, p_moves jsonb, p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_reservations uuid[];
    v_seats jsonb;
    v_overdue uuid[];
    v_refusal jsonb;
    v_outcome jsonb;
BEGIN
    IF NOT EXISTS (SELECT FROM {schema}.events_eventperformance WHERE id = p_performance) THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'performance', 'id', p_performance);
    END IF;
    v_reservations := {schema}.moving_reservations_v1(p_performance, p_moves);
    SELECT jsonb_agg(jsonb_build_object('seat_id', move ->> 'seat_id')) INTO v_seats
        FROM jsonb_array_elements(p_moves) AS m (move);
    v_overdue := {schema}.lock_swap_v1(p_performance, v_reservations, v_seats);
    IF {schema}.moving_reservations_v1(p_performance, p_moves) <> v_reservations
            OR NOT {schema}.in_the_way_v1(p_performance, v_seats)
                <@ (v_overdue || v_reservations) THEN
        RAISE EXCEPTION 'the lines or the seats moved' USING ERRCODE = 'FH001';
    END IF;
    IF v_overdue <> '{}' THEN
        PERFORM {schema}.expire_holds_v1(p_performance, v_overdue, p_actor, 'in the way of a reseat');
    END IF;
    v_refusal := {schema}.reseat_refusal_v1(p_performance, p_moves);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    v_outcome := {schema}.move_lines_to_seats_v1(p_performance, p_moves, p_actor, p_reason);
    PERFORM {schema}.offer_freed_v1(p_performance, v_overdue, p_actor);
    RETURN v_outcome;
END $$;
