-- amend_house_v1: change for whom, why, or until when places are set aside (kinds house, kill, channel).
--
-- p_changes: an object with what changes: owner (text), reason (text, not blank), release_at (a time in
-- the future, or null: never). p_reason says why it is changed. A note has both before and after.
-- What was to be released already is not kept again: a buyer may count on it.
-- Moves no place. Locks: the reservation.
-- Outcomes: amended {reservation_id, owner, reason, release_at} | unknown | not_house {kind}
--   | not_reserved {status} | expired {expires_at} | key_reused.
-- SQLSTATE: FH410, FH411; FH481 release_at, FH482 owner, FH487 a reason, FH489 p_changes; FH401, FH402.
CREATE FUNCTION {schema}.amend_house_v1(
    p_performance uuid, p_reservation uuid, p_changes jsonb,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_was {schema}.events_reservation;
    v_now {schema}.events_reservation;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_reservation, p_actor, p_reason);
    PERFORM {schema}.require_changes_v1(p_changes, p_reason);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'amend_house', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_outcome := (SELECT r.refusal
        FROM {schema}.give_back_refusal_v1(p_performance, p_reservation, NULL) AS r);
    SELECT * INTO v_was FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = p_reservation;
    IF v_outcome IS NULL AND v_was.expires_at <= clock_timestamp() THEN
        v_outcome := jsonb_build_object('outcome', 'expired', 'reservation_id', p_reservation,
            'expires_at', v_was.expires_at);
    END IF;
    IF v_outcome IS NULL THEN
        UPDATE {schema}.events_reservation
            SET owner = coalesce(p_changes ->> 'owner', owner),
                reason = coalesce(p_changes ->> 'reason', reason),
                expires_at = CASE WHEN p_changes ? 'release_at'
                    THEN (p_changes ->> 'release_at')::timestamptz ELSE expires_at END
            WHERE performance_id = p_performance AND id = p_reservation
            RETURNING * INTO v_now;
        INSERT INTO {schema}.events_note
                (id, performance_id, reservation_id, operation, actor, reason, facts, at)
            VALUES ({schema}.uuid7(), p_performance, p_reservation, 'amend_house', p_actor, p_reason,
                jsonb_build_object(
                    'before', jsonb_build_object('owner', v_was.owner, 'reason', v_was.reason,
                        'release_at', v_was.expires_at),
                    'after', jsonb_build_object('owner', v_now.owner, 'reason', v_now.reason,
                        'release_at', v_now.expires_at)), clock_timestamp());
        v_outcome := jsonb_build_object('outcome', 'amended', 'reservation_id', p_reservation,
            'owner', v_now.owner, 'reason', v_now.reason, 'release_at', v_now.expires_at);
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
