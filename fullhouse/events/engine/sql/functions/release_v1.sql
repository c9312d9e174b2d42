-- release_v1: give a hold back; all its places become available. Works on an overdue hold too.
--
-- Units: places. Locks: performance and sections only where a line is overbooked; reservation;
-- seats by id; allocations by id.
-- Outcomes: released {reservation_id, places} | unknown | not_reserved {status} | kept_by_house
-- | key_reused. SQLSTATE: FH410 an argument is null; FH401, FH402 see operation_begin_v1;
-- 55P03 lock timeout.
CREATE FUNCTION {schema}.release_v1(
    p_performance uuid, p_reservation uuid,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_lines uuid[];
    v_places integer;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_reservation, p_actor, p_reason);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'release', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    PERFORM {schema}.lock_sections_v1(p_performance, ARRAY[p_reservation]);
    v_outcome := {schema}.lock_hold_v1(p_performance, p_reservation);
    IF v_outcome IS NULL THEN
        SELECT array_agg(id) INTO v_lines FROM {schema}.events_reservationline
            WHERE performance_id = p_performance AND reservation_id = p_reservation
              AND status = 'reserved';
        UPDATE {schema}.events_reservation SET status = 'released'
            WHERE performance_id = p_performance AND id = p_reservation;
        v_places := {schema}.free_lines_v1(
            p_performance, v_lines, NULL, 'released', 'release', p_actor, p_reason);
        v_outcome := jsonb_build_object(
            'outcome', 'released', 'reservation_id', p_reservation, 'places', v_places);
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
