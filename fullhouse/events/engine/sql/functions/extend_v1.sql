-- extend_v1: move a hold's deadline to p_ttl_seconds from now, never past its ceiling.
--
-- The ceiling is the hold's beginning plus the performance's hold_ceiling_seconds, however often a
-- hold is extended: places that nobody buys must come back some day. What would pass it ends there,
-- and the answer says so. Only what has a deadline is extended, and only before it has passed: an
-- overdue hold's places may be another's by right. Moves no place; leaves a note with the reason.
-- p_ttl_seconds: 1 to 604800, as for reserve.
-- Locks: the reservation. The clock is read after the lock.
-- Outcomes: extended {reservation_id, expires_at, capped, ceiling} | at_ceiling {expires_at, ceiling}
-- | not_longer {expires_at} | expired {expires_at} | no_deadline | closed {status} (cancelled)
-- | not_reserved {status} | kept_by_house | unknown {what, id} | key_reused. Refused: nothing changed.
-- SQLSTATE: FH450 ttl_seconds; FH410, FH411 see require_arguments_v1; FH401, FH402; 55P03.
CREATE FUNCTION {schema}.extend_v1(
    p_performance uuid, p_reservation uuid, p_ttl_seconds integer,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_was timestamptz;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_reservation, p_actor, p_reason);
    IF p_ttl_seconds IS NULL OR p_ttl_seconds NOT BETWEEN 1 AND 604800 THEN
        RAISE EXCEPTION 'ttl_seconds: 1 to 604800 (a week), not %', coalesce(p_ttl_seconds::text, 'null')
            USING ERRCODE = 'FH450';
    END IF;
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'extend', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_outcome := coalesce({schema}.lock_hold_v1(p_performance, p_reservation, true),
        {schema}.longer_hold_v1(p_performance, p_reservation, p_ttl_seconds));
    IF v_outcome ->> 'outcome' = 'extended' THEN
        SELECT expires_at INTO v_was FROM {schema}.events_reservation
            WHERE performance_id = p_performance AND id = p_reservation;
        UPDATE {schema}.events_reservation SET expires_at = (v_outcome ->> 'expires_at')::timestamptz
            WHERE performance_id = p_performance AND id = p_reservation;
        INSERT INTO {schema}.events_note
                (id, performance_id, reservation_id, operation, actor, reason, facts, at)
            VALUES ({schema}.uuid7(), p_performance, p_reservation, 'extend', p_actor, p_reason,
                v_outcome - 'outcome' - 'reservation_id' || jsonb_build_object('was', v_was),
                clock_timestamp());
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
