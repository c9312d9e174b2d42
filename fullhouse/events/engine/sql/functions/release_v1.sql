-- release_v1: give a hold back, whole or in part; its places become available. Works on an overdue
-- hold too.
--
-- p_lines: NULL (all of it) or [{"line_id": uuid, "quantity": places or null (all)}], each line once.
-- Part of a line becomes a line of its own, released; the rest of the hold stays as it is, deadline
-- included. The hold is `released` when nothing of it is left.
-- Units: places. Locks: performance and sections only where a line is overbooked; reservation;
-- seats by id; allocations by id.
-- Outcomes: released {reservation_id, places, left} | unknown {what, id} | not_reserved {status}
-- | too_many {line, held, wanted} | part_of_ticket {line, places_per_ticket, wanted}
-- | kept_by_house | waiting_offer | key_reused. Refused: nothing moved.
-- SQLSTATE: FH410 an argument is null; FH420 to FH422 see require_lines_v1; FH401, FH402 see
-- operation_begin_v1; 55P03 lock timeout.
CREATE FUNCTION {schema}.release_v1(
    p_performance uuid, p_reservation uuid,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL,
    p_lines jsonb DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_chosen jsonb;
    v_places integer;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_reservation, p_actor, p_reason);
    PERFORM {schema}.require_lines_v1(p_lines);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'release', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    PERFORM {schema}.lock_sections_v1(p_performance, ARRAY[p_reservation]);
    v_outcome := {schema}.lock_hold_v1(p_performance, p_reservation);
    IF v_outcome IS NULL THEN
        v_chosen := {schema}.chosen_lines_v1(
            p_performance, p_reservation, 'reserved', p_lines, 'not_reserved');
        v_outcome := CASE WHEN v_chosen ? 'outcome' THEN v_chosen END;
    END IF;
    IF v_outcome IS NULL THEN
        v_places := {schema}.give_up_lines_v1(
            p_performance, v_chosen -> 'lines', 'reserved', 'release', p_actor, p_reason);
        PERFORM {schema}.end_if_empty_v1(p_performance, p_reservation);
        PERFORM {schema}.offer_freed_v1(p_performance, ARRAY[p_reservation], p_actor);
        v_outcome := jsonb_build_object('outcome', 'released', 'reservation_id', p_reservation,
            'places', v_places, 'left', (
                SELECT coalesce(sum(quantity), 0) FROM {schema}.events_reservationline
                WHERE performance_id = p_performance AND reservation_id = p_reservation
                  AND status = 'reserved'));
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
