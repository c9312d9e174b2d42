-- allot_channel_v1: set places aside for a sales channel until a time: a Reservation of kind channel,
-- status reserved, whose deadline is the release time (null: until it is released by hand).
--
-- Only sales through that channel (reserve_v1, p_channel) take from them, before what is free; at the
-- release time they are everybody's, with no sweeper needed. Any mix of unseated places of named
-- allocations and of named seats, all or nothing; a channel may have several. p_owner: for whom.
-- Holds past their deadline that are in the way are expired in the same call. Units: places.
-- Locks: those of clear_way_v1.
-- Outcomes: set_aside {reservation_id, reference, kind, expires_at, quantity, lines: [{line_id,
--   allocation_id, seat_id, quantity}]}; refused: unknown {what, id}, seat_taken {seat_ids, seats},
--   sold_out {allocation_id, wanted, left}, closed {status} (cancelled), key_reused.
-- SQLSTATEs: FH410, FH411, FH440, FH460, FH461 bad argument, FH401, FH402 the key, 55P03.
CREATE FUNCTION {schema}.allot_channel_v1(
    p_performance uuid, p_channel text, p_allocations uuid[], p_quantities integer[], p_seats uuid[],
    p_release_at timestamptz, p_owner text,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_overdue uuid[];
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    PERFORM {schema}.require_channel_v1(p_channel, NULL);
    PERFORM {schema}.require_set_aside_v1(p_allocations, p_quantities, p_seats, p_reason);
    IF p_owner IS NULL OR length(p_owner) > 100 THEN
        RAISE EXCEPTION 'owner: may be empty, at most 100 characters' USING ERRCODE = 'FH460';
    END IF;
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'allot_channel', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    PERFORM {schema}.require_channel_v1(p_channel, p_release_at);
    BEGIN
        v_overdue := {schema}.clear_way_v1(p_performance, p_allocations, p_quantities, p_seats,
            p_actor, 'in the way of a sales channel');
        v_outcome := {schema}.house_refusal_v1(p_performance, p_allocations, p_quantities, p_seats);
        IF v_outcome IS NOT NULL THEN
            RAISE EXCEPTION 'refused: nothing moves' USING ERRCODE = 'FH002';
        END IF;
        v_outcome := {schema}.set_aside_v1(p_performance, p_allocations, p_quantities, p_seats,
            p_actor, p_reason, p_kind => 'channel', p_owner => p_owner,
            p_expires_at => p_release_at, p_channel => p_channel);
        PERFORM {schema}.keep_rules_flag_v1(p_performance);
        PERFORM {schema}.offer_freed_v1(p_performance, v_overdue, p_actor);
    EXCEPTION WHEN SQLSTATE 'FH002' THEN
        NULL;
    END;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
