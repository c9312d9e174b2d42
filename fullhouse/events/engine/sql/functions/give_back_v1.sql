-- give_back_v1: the house gives places back that were set aside (kinds house, kill, channel): all
-- (`p_lines` null) or some lines of one reservation. The last line closes it (released). Where the
-- performance says so the waiting list is offered them first.
-- Units: places. Locks: those of lock_sections_v1; reservation, seats by id, allocations by id.
-- Outcomes: given_back {reservation_id, quantity, left} (left: places still set aside);
--   refused: unknown {what, id}, not_house {kind}, not_reserved {status}, key_reused.
-- SQLSTATEs: FH440 bad argument, 55P03 lock timeout.
CREATE FUNCTION {schema}.give_back_v1(
    p_performance uuid, p_reservation uuid, p_lines uuid[], p_actor text, p_reason text,
    p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql
SET fullhouse.engine TO 'on'
SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_lines uuid[];
    v_quantity integer;
    v_left bigint;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_reservation, p_actor, p_reason);
    IF cardinality(p_lines) = 0 OR array_position(p_lines, NULL) IS NOT NULL
            OR (SELECT count(DISTINCT l) FROM unnest(p_lines) AS l) <> cardinality(p_lines) THEN
        RAISE EXCEPTION 'line_ids: each once, at least one, or null for all' USING ERRCODE = 'FH440';
    END IF;
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'give_back', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    PERFORM {schema}.lock_sections_v1(p_performance, ARRAY[p_reservation]);
    SELECT r.refusal, r.lines INTO v_outcome, v_lines
        FROM {schema}.give_back_refusal_v1(p_performance, p_reservation, p_lines) AS r;
    IF v_outcome IS NULL THEN
        v_quantity := {schema}.free_lines_v1(
            p_performance, v_lines, NULL, 'released', 'give_back', p_actor, p_reason);
        SELECT coalesce(sum(l.quantity) FILTER (WHERE l.status = 'reserved'), 0) INTO v_left
            FROM {schema}.events_reservationline AS l
            WHERE l.performance_id = p_performance AND l.reservation_id = p_reservation;
        UPDATE {schema}.events_reservation SET status = 'released'
            WHERE performance_id = p_performance AND id = p_reservation AND v_left = 0;
        PERFORM {schema}.offer_freed_v1(p_performance, ARRAY[p_reservation], p_actor);
        v_outcome := jsonb_build_object('outcome', 'given_back', 'reservation_id', p_reservation,
            'quantity', v_quantity, 'left', v_left);
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
