-- postpone_performance_v1: a performance takes place later; whatever is held or sold stays valid.
--
-- p_date, p_start_time: local to the venue. With a date the performance moves there and its status
-- stays (no p_start_time: at the same time of day). Without one it is open when it will be: status
-- postponed, nothing is sold until resume_performance_v1; the old date stays on record. A hold that
-- is there already may still be confirmed.
-- Locks: the performance.
-- Outcomes: postponed {performance_id, status, date, start_time, was_date, was_start_time}
--   | unknown | wrong_status {status} | in_the_past {date, start_time}
--   | time_taken {date, start_time} | key_reused.
-- SQLSTATE: FH410, FH411, FH492, FH493 an argument; FH401, FH402 the key; 55P03.
CREATE FUNCTION {schema}.postpone_performance_v1(
    p_performance uuid, p_date date, p_start_time time,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_row {schema}.events_eventperformance;
    v_start_time time;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    PERFORM {schema}.require_reason_v1(p_reason);
    IF p_date IS NULL AND p_start_time IS NOT NULL THEN
        RAISE EXCEPTION 'start_time: needs a date beside it' USING ERRCODE = 'FH493';
    END IF;
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'postpone_performance', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    SELECT * INTO v_row FROM {schema}.events_eventperformance
        WHERE id = p_performance FOR UPDATE;
    v_start_time := coalesce(p_start_time, v_row.start_time);
    v_outcome := {schema}.postpone_refusal_v1(p_performance, p_date, v_start_time);
    IF v_outcome IS NULL THEN
        UPDATE {schema}.events_eventperformance
            SET date = coalesce(p_date, date), start_time = v_start_time,
                status = CASE WHEN p_date IS NULL THEN 'postponed' ELSE status END
            WHERE id = p_performance RETURNING status INTO v_row.status;
        v_outcome := jsonb_build_object('outcome', 'postponed', 'performance_id', p_performance,
            'status', v_row.status, 'date', p_date, 'start_time',
            CASE WHEN p_date IS NOT NULL THEN v_start_time END,
            'was_date', v_row.date, 'was_start_time', v_row.start_time);
        INSERT INTO {schema}.events_note (id, performance_id, operation, actor, reason, facts, at)
            VALUES ({schema}.uuid7(), p_performance, 'postpone_performance', p_actor, p_reason,
                v_outcome - '{outcome,performance_id}'::text[], clock_timestamp());
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
