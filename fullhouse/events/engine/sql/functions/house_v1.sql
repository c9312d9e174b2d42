-- house_v1: the house sets places aside, with a reason: a Reservation of kind house (held for someone,
-- p_owner) or kill (not for sale: broken, a camera), status reserved. Any mix of unseated places of
-- named allocations and of named seats, all or nothing. give_back_v1 returns them, hand_over_v1 passes
-- them on. p_release_at: when the places are free to buyers again, by themselves; null never.
-- Holds past their deadline that are in the way are expired in the same call.
-- Units: places. Locks: those of clear_way_v1.
-- Outcomes: set_aside {reservation_id, reference, kind, expires_at, quantity, lines: [{line_id,
--   allocation_id, seat_id, quantity}]}; refused: unknown {what, id}, closed {status} (cancelled),
--   seat_taken {seat_ids, seats}, sold_out {allocation_id, wanted, left} (left: places without a
--   seat), key_reused.
-- SQLSTATEs: FH410, FH411, FH440, FH480, FH481, FH482 bad argument, FH401, FH402 the key, 55P03.
CREATE FUNCTION {schema}.house_v1(
    p_performance uuid, p_allocations uuid[], p_quantities integer[], p_seats uuid[],
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL,
    p_kind text DEFAULT 'house', p_owner text DEFAULT '', p_release_at timestamptz DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql
SET fullhouse.engine TO 'on'
SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_overdue uuid[];
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    PERFORM {schema}.require_set_aside_v1(p_allocations, p_quantities, p_seats, p_reason);
    PERFORM {schema}.require_house_v1(p_kind, p_owner, p_release_at);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'house', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    BEGIN
        v_overdue := {schema}.clear_way_v1(p_performance, p_allocations, p_quantities, p_seats,
            p_actor, 'in the way of the house');
        v_outcome := {schema}.house_refusal_v1(p_performance, p_allocations, p_quantities, p_seats);
        IF v_outcome IS NOT NULL THEN
            RAISE EXCEPTION 'refused: nothing moves' USING ERRCODE = 'FH002';
        END IF;
        v_outcome := {schema}.set_aside_v1(p_performance, p_allocations, p_quantities, p_seats,
            p_actor, p_reason, p_kind, p_owner, p_release_at);
        PERFORM {schema}.offer_freed_v1(p_performance, v_overdue, p_actor);
    EXCEPTION WHEN SQLSTATE 'FH002' THEN
        NULL;
    END;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
