-- change_channel_v1: another release time for places that a sales channel has (null: none). No place
-- moves; a note in the ledger says who and why.
-- Locks: the reservation.
-- Outcomes: changed {reservation_id, channel, release_at, was}; refused: unknown {what, id},
--   not_channel {kind}, not_reserved {status}, expired {expires_at} (released already), key_reused.
-- SQLSTATEs: FH410, FH411, FH461 bad argument, FH401, FH402 the key, 55P03.
CREATE FUNCTION {schema}.change_channel_v1(
    p_performance uuid, p_reservation uuid, p_release_at timestamptz,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_row {schema}.events_reservation;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_reservation, p_actor, p_reason);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'change_channel', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    PERFORM {schema}.require_channel_v1('-', p_release_at);
    SELECT * INTO v_row FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = p_reservation FOR NO KEY UPDATE;
    v_outcome := CASE
        WHEN v_row.id IS NULL THEN
            jsonb_build_object('outcome', 'unknown', 'what', 'reservation', 'id', p_reservation)
        WHEN v_row.kind <> 'channel' THEN
            jsonb_build_object('outcome', 'not_channel', 'kind', v_row.kind)
        WHEN v_row.status <> 'reserved' THEN jsonb_build_object('outcome', 'not_reserved',
            'reservation_id', p_reservation, 'status', v_row.status)
        WHEN v_row.expires_at <= clock_timestamp() THEN jsonb_build_object('outcome', 'expired',
            'reservation_id', p_reservation, 'expires_at', v_row.expires_at) END;
    IF v_outcome IS NULL THEN
        UPDATE {schema}.events_reservation SET expires_at = p_release_at
            WHERE performance_id = p_performance AND id = p_reservation;
        v_outcome := jsonb_build_object('outcome', 'changed', 'reservation_id', p_reservation,
            'channel', v_row.channel, 'release_at', p_release_at, 'was', v_row.expires_at);
        INSERT INTO {schema}.events_note (id, performance_id, reservation_id, operation, actor, reason,
                facts)
            VALUES ({schema}.uuid7(), p_performance, p_reservation, 'change_channel', p_actor,
                p_reason, v_outcome - 'outcome' - 'reservation_id');
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
