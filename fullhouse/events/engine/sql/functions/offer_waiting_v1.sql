-- offer_waiting_v1: offer free places to the next of the waiting list whom they suffice (p_entry null),
-- or, out of turn, to the one that staff name, with a reason. Holds past their deadline are expired
-- first. The offer is a hold of kind offer, which take_offer_v1 turns into the party's own.
-- p_seconds: how long it holds the places; null: as the entry says.
-- Units: places. Locks: performance; sections where overbooked; overdue reservations by id; their seats by
-- id; all allocations by id; the entry; chosen seats (without waiting).
-- Outcomes: offered {entry_id, reservation_id, reference, expires_at, quantity, passed, currency,
--   total, lines} | nothing_fits {waiting} | not_waiting {status} | closed | unknown | key_reused.
-- SQLSTATE: FH410, FH411, FH485 p_seconds, FH487 no reason; FH401, FH402; 55P03.
CREATE FUNCTION {schema}.offer_waiting_v1(
    p_performance uuid, p_entry uuid, p_seconds integer,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_freed uuid[];
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    PERFORM {schema}.require_waiting_v1(1, coalesce(p_seconds, 60), '', '', NULL);
    IF p_entry IS NOT NULL AND btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'reason: say why this party is served out of turn' USING ERRCODE = 'FH487';
    END IF;
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'offer_waiting', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    BEGIN
        v_freed := {schema}.clear_all_overdue_v1(p_performance, p_actor);
        v_outcome := coalesce(
            {schema}.closed_refusal_v1(p_performance),
            CASE WHEN p_entry IS NULL
                THEN {schema}.offer_round_v1(p_performance, NULL, p_seconds, 1, p_actor, p_reason) -> 0
                ELSE {schema}.offer_out_of_turn_v1(
                    p_performance, p_entry, p_seconds, p_actor, p_reason)
            END,
            jsonb_build_object('outcome', 'nothing_fits', 'waiting', (
                SELECT count(*) FROM {schema}.events_waitingentry
                WHERE performance_id = p_performance AND status = 'waiting')));
        IF v_outcome ? 'outcome' THEN
            RAISE EXCEPTION 'refused: nothing moves' USING ERRCODE = 'FH002';
        END IF;
        v_outcome := v_outcome || '{"outcome": "offered"}';
        PERFORM {schema}.offer_freed_v1(p_performance, v_freed, p_actor);
    EXCEPTION WHEN SQLSTATE 'FH002' THEN
        NULL;
    END;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
