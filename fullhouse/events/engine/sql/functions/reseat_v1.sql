-- reseat_v1: staff move held or sold seats to other seats of the same performance, all or nothing.
--
-- p_moves: [{"line_id", "seat_id"}], each line and each seat once. A wanted seat is free, or is given
-- up by another line of the same call, so that two parties may swap. Lines keep their ids, prices,
-- ticket types and reservations; only seat and, where the new seat belongs elsewhere, allocation
-- change. Works whatever the performance's status, and on what the house keeps. Holds past their
-- deadline do not stand in the way.
-- Locks: performance; sections where a line is overbooked; reservations, seats, allocations, by id.
-- Outcomes: reseated {moves[{line_id, reservation_id, from_seat_id, to_seat_id, from_seat, to_seat}]}
--   | unknown {what, id} | not_live {line, status} | no_seat {line} | same_seat {line, seat}
--   | seat_taken {seat_ids, seats} | mixed_currencies {currencies} | key_reused.
-- SQLSTATE: FH410, FH411, FH490 to FH492 an argument; FH401, FH402 the key; 55P03.
CREATE FUNCTION {schema}.reseat_v1(
    p_performance uuid, p_moves jsonb,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    PERFORM {schema}.require_reason_v1(p_reason);
    PERFORM {schema}.require_moves_v1(p_moves);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'reseat', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    FOR v_attempt IN 1..20 LOOP
        BEGIN
            v_outcome := {schema}.reseat_attempt_v1(p_performance, p_moves, p_actor, p_reason);
            IF v_outcome ->> 'outcome' <> 'reseated' THEN
                RAISE EXCEPTION 'refused: nothing moves' USING ERRCODE = 'FH002';
            END IF;
        EXCEPTION
            WHEN SQLSTATE 'FH001' THEN
                v_outcome := NULL;
            WHEN SQLSTATE 'FH002' THEN
                NULL;
        END;
        EXIT WHEN v_outcome IS NOT NULL;
    END LOOP;
    IF v_outcome IS NULL THEN
        RAISE EXCEPTION 'others took these seats faster, 20 times in a row'
            USING ERRCODE = '55P03', HINT = 'Try again.';
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
