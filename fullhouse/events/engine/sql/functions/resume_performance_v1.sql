-- resume_performance_v1: a postponed performance is on sale again, at the date it has by then (give it
-- one with postpone_performance_v1 first, where it is past).
-- Locks: the performance.
-- Outcomes: resumed {performance_id, date, start_time} | unknown | wrong_status {status}
--   | in_the_past {date, start_time} | key_reused.
-- SQLSTATE: FH410, FH411, FH492 an argument; FH401, FH402 the key; 55P03.
CREATE FUNCTION {schema}.resume_performance_v1(
    p_performance uuid,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_row record;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    PERFORM {schema}.require_reason_v1(p_reason);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'resume_performance', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    SELECT p.status, p.date, p.start_time, v.time_zone INTO v_row
        FROM {schema}.events_eventperformance AS p
        JOIN {schema}.events_event AS e ON e.id = p.event_id
        JOIN {schema}.events_venue AS v ON v.id = e.venue_id
        WHERE p.id = p_performance FOR NO KEY UPDATE OF p;
    IF NOT FOUND THEN
        v_outcome := jsonb_build_object('outcome', 'unknown', 'what', 'performance', 'id', p_performance);
    ELSIF v_row.status <> 'postponed' THEN
        v_outcome := jsonb_build_object('outcome', 'wrong_status', 'status', v_row.status);
    ELSIF v_row.date + v_row.start_time <= clock_timestamp() AT TIME ZONE v_row.time_zone THEN
        v_outcome := jsonb_build_object('outcome', 'in_the_past',
            'date', v_row.date, 'start_time', v_row.start_time);
    ELSE
        UPDATE {schema}.events_eventperformance SET status = 'on_sale' WHERE id = p_performance;
        v_outcome := jsonb_build_object('outcome', 'resumed', 'performance_id', p_performance,
            'date', v_row.date, 'start_time', v_row.start_time);
        INSERT INTO {schema}.events_note (id, performance_id, operation, actor, reason, facts, at)
            VALUES ({schema}.uuid7(), p_performance, 'resume_performance', p_actor, p_reason,
                v_outcome - '{outcome,performance_id}'::text[], clock_timestamp());
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
