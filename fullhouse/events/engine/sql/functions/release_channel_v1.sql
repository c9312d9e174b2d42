-- release_channel_v1: all that a sales channel has set aside is everybody's again, now. Some lines of
-- one reservation: give_back_v1.
-- Units: places. Locks: performance, the channel's reservations by id, seats by id, allocations by id.
-- Outcomes: released {channel, reservations, places}; refused: unknown {what: performance or channel,
--   id}, key_reused. SQLSTATEs: FH410, FH411, FH460 bad argument, FH401, FH402 the key, 55P03.
CREATE FUNCTION {schema}.release_channel_v1(
    p_performance uuid, p_channel text,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_held uuid[];
    v_lines uuid[];
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    PERFORM {schema}.require_channel_v1(p_channel, NULL);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'release_channel', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    PERFORM 1 FROM {schema}.events_eventperformance WHERE id = p_performance FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        v_outcome := jsonb_build_object(
            'outcome', 'unknown', 'what', 'performance', 'id', p_performance);
        RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
    END IF;
    SELECT array_agg(id) INTO v_held FROM (
        SELECT id FROM {schema}.events_reservation
            WHERE performance_id = p_performance AND kind = 'channel' AND channel = p_channel
              AND status = 'reserved'
            ORDER BY id FOR NO KEY UPDATE) AS held;
    IF v_held IS NULL THEN
        v_outcome := jsonb_build_object('outcome', 'unknown', 'what', 'channel', 'id', p_channel);
    ELSE
        SELECT array_agg(id) INTO v_lines FROM {schema}.events_reservationline
            WHERE performance_id = p_performance AND reservation_id = ANY (v_held)
              AND status = 'reserved';
        UPDATE {schema}.events_reservation SET status = 'released'
            WHERE performance_id = p_performance AND id = ANY (v_held);
        v_outcome := jsonb_build_object('outcome', 'released', 'channel', p_channel,
            'reservations', cardinality(v_held), 'places', {schema}.free_lines_v1(p_performance,
                v_lines, NULL, 'released', 'release_channel', p_actor, p_reason));
        PERFORM {schema}.keep_rules_flag_v1(p_performance);
        PERFORM {schema}.offer_freed_v1(p_performance, v_held, p_actor);
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
