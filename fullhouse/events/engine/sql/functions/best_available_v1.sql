-- best_available_v1: hold the best seats for a party, in one call, all or nothing.
--
-- p_party: {"quantity": 1 to 100 seats,
--   "sections", "ticket_types": lists of ids in order of preference, or null for any,
--   "accessible": how many of them are wheelchair places (0),
--   "split": may sit in several rows of a section when no row has room (false),
--   "restricted_view": a restricted view is as good as any (false)}
-- Seats are neighbours by their ranks; the best row is the one nearest to the section's focal row, in it
-- the seats nearest to its focal seat (else the row's middle); see choose_seats_v1 for the order
-- of what is avoided. Accessible and companion places are kept until the performance's
-- accessible_release_at for whoever asks for them. Named types are sold from their own allocation and from
-- the pool; without types each seat is sold as its allocation's. Seats of overdue holds are free.
-- The other arguments, prices, rules of sale and what is written: as for reserve_v1.
-- How: the rows of seats tell which may do; the best one that nobody has is locked and looked at.
-- When only locked rows would do, the first of them is waited for, with nothing in hand, and the search
-- begins anew: it refuses only what it has seen.
-- Locks: (a seat row, waited for with no other lock;) then seat rows that nobody has; then as reserve_v1.
-- Outcomes: granted {as reserve_v1, seats: [{seat_id, section_id, seat, is_accessible, is_companion,
--   has_restricted_view}], parts, leaves_single, restricted_view, rejected: {reason: rows}};
--   sold_out {wanted, left} (fewer numbered seats are free); not_together {wanted, left, rejected};
--   closed, unknown {what, id}, not_on_offer {ticket_type}, reference_taken, key_reused and the rules
--   of sale as for reserve_v1. Refused: nothing moved.
-- Reasons in rejected: too_short, leaves_single, restricted_view, protected, other_type, not_accessible,
-- busy (another search had the row).
-- SQLSTATE: FH410, FH411, FH430 to FH434, FH470 to FH476 an argument; FH401, FH402 the key; 55P03 a lock
-- timeout, or attempts lost too often: try again.
CREATE FUNCTION {schema}.best_available_v1(
    p_performance uuid, p_party jsonb, p_ttl_seconds integer, p_kind text, p_reference text,
    p_token_hash bytea, p_customer text, p_channel text,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_busy jsonb;
    v_tighten uuid;
    v_id uuid := {schema}.uuid7();
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, v_id, p_actor, p_reason);
    PERFORM {schema}.require_reserve_v1(
        p_ttl_seconds, p_kind, p_reference, p_token_hash, p_customer, p_channel);
    PERFORM {schema}.require_party_v1(p_party);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'best_available', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    FOR v_attempt IN 1..20 LOOP
        BEGIN
            IF v_busy IS NOT NULL THEN
                PERFORM 1 FROM {schema}.events_seatrow
                    WHERE performance_id = p_performance
                      AND section_id = (v_busy ->> 'section_id')::uuid
                      AND row_rank = (v_busy ->> 'row_rank')::integer
                    FOR NO KEY UPDATE;
            END IF;
            v_outcome := {schema}.best_available_attempt_v1(p_performance, v_id, p_party,
                p_ttl_seconds, p_kind, p_reference, p_token_hash, p_customer, p_channel,
                p_actor, p_reason, v_tighten);
            v_busy := v_outcome -> 'busy';
            v_tighten := coalesce((v_outcome ->> 'tighten')::uuid, v_tighten);
            IF v_outcome ?| '{busy,tighten}' THEN
                RAISE EXCEPTION 'undo the locks' USING ERRCODE = 'FH001';
            END IF;
        EXCEPTION
            WHEN SQLSTATE 'FH001' THEN
                v_outcome := NULL;
            WHEN unique_violation THEN
                IF NOT EXISTS (SELECT FROM {schema}.events_reservation
                        WHERE performance_id = p_performance AND reference = p_reference) THEN
                    RAISE;
                END IF;
                v_outcome := jsonb_build_object(
                    'outcome', 'reference_taken', 'reference', p_reference);
        END;
        EXIT WHEN v_outcome ->> 'outcome' IS NOT NULL;
        v_outcome := NULL;
    END LOOP;
    IF v_outcome IS NULL THEN
        RAISE EXCEPTION 'others took these seats faster, 20 times in a row'
            USING ERRCODE = '55P03', HINT = 'Try again.';
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
