-- judge_seats_v1: whether a reserve of these seats has to be judged by seats_rule_refusal_v1.
--
-- It has where a seat is accessible or a companion's, or its section lets nobody leave a single seat.
-- In such a section the rows are locked, so that two buyers do not leave a single seat between them:
-- the first lock of a reserve, waited for with no other in hand.
-- Locks: seat rows by section and rank.
CREATE FUNCTION {schema}.judge_seats_v1(p_performance uuid, p_requests jsonb) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_seats uuid[] := ARRAY(
        SELECT (request ->> 'seat_id')::uuid FROM jsonb_array_elements(p_requests) AS request);
    v_judged boolean;
    v_ruled boolean;
BEGIN
    SELECT bool_or(t.is_accessible OR t.is_companion OR s.orphan_rule), bool_or(s.orphan_rule)
        INTO v_judged, v_ruled
        FROM {schema}.events_seat AS t
        JOIN {schema}.events_eventsection AS s
            ON s.performance_id = p_performance AND s.id = t.section_id
        WHERE t.performance_id = p_performance AND t.id = ANY (v_seats);
    IF v_ruled THEN
        PERFORM 1 FROM {schema}.events_seatrow AS r
            WHERE r.performance_id = p_performance AND (r.section_id, r.row_rank) IN (
                SELECT t.section_id, t.row_rank
                FROM {schema}.events_seat AS t
                JOIN {schema}.events_eventsection AS s
                    ON s.performance_id = p_performance AND s.id = t.section_id AND s.orphan_rule
                WHERE t.performance_id = p_performance AND t.id = ANY (v_seats))
            ORDER BY r.section_id, r.row_rank FOR NO KEY UPDATE;
    END IF;
    RETURN coalesce(v_judged, false);
END $$;
