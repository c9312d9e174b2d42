-- expire_v1: sweep the holds of one performance whose deadline has passed, oldest first.
--
-- p_limit: holds in one call, 1 to 1000: the locks of a batch are held for some milliseconds,
-- which a concurrent hold does not notice; call again while it returns p_limit.
-- A hold that somebody has locked is skipped: whoever has it is deciding about it.
-- Where the performance says so, what comes free is offered to the waiting list first.
-- Locks: rows of seats, the performance: who chooses seats or serves a batch has these before he waits
-- for a hold in his way. Then those of lock_sections_v1; reservations (SKIP LOCKED), seats by id,
-- allocations by id.
-- Outcome: swept {holds, places, more}. SQLSTATE: FH410 an argument is missing, FH412 p_limit.
CREATE FUNCTION {schema}.expire_v1(
    p_performance uuid, p_limit integer,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_due uuid[];
    v_found integer;
    v_places integer := 0;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'limit: 1 to 1000 holds in one call, not %', coalesce(p_limit::text, 'null')
            USING ERRCODE = 'FH412';
    END IF;
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'expire', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    SELECT array_agg(id) INTO v_due FROM (
        SELECT id FROM {schema}.events_reservation
            WHERE performance_id = p_performance AND status = 'reserved'
              AND expires_at <= clock_timestamp()
            ORDER BY expires_at, id LIMIT p_limit) AS due;
    v_found := coalesce(cardinality(v_due), 0);
    IF v_found > 0 THEN
        PERFORM 1 FROM {schema}.events_seatrow AS r
            WHERE r.performance_id = p_performance AND (r.section_id, r.row_rank) IN (
                SELECT s.section_id, s.row_rank
                FROM {schema}.events_reservationline AS l
                JOIN {schema}.events_seat AS s
                    ON s.performance_id = p_performance AND s.id = l.seat_id
                WHERE l.performance_id = p_performance AND l.reservation_id = ANY (v_due)
                  AND l.status = 'reserved')
            ORDER BY r.section_id, r.row_rank FOR NO KEY UPDATE;
        PERFORM 1 FROM {schema}.events_eventperformance
            WHERE id = p_performance FOR NO KEY UPDATE;
    END IF;
    PERFORM {schema}.lock_sections_v1(p_performance, v_due);
    SELECT array_agg(id) INTO v_due FROM (
        SELECT id FROM {schema}.events_reservation
            WHERE performance_id = p_performance AND id = ANY (v_due) AND status = 'reserved'
              AND expires_at <= clock_timestamp()
            ORDER BY id FOR NO KEY UPDATE SKIP LOCKED) AS due;
    IF v_due IS NOT NULL THEN
        v_places := {schema}.expire_holds_v1(p_performance, v_due, p_actor, p_reason);
        PERFORM {schema}.offer_freed_v1(p_performance, v_due, p_actor);
    END IF;
    v_outcome := jsonb_build_object('outcome', 'swept',
        'holds', coalesce(cardinality(v_due), 0), 'places', v_places, 'more', v_found = p_limit);
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
