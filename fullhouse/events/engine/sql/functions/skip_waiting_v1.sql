-- skip_waiting_v1: staff pass an entry of the waiting list over (p_skip true), or let it back to the place
-- that it had. Who is passed over is offered nothing. A note says why.
-- Locks: performance, entry.
-- Outcomes: skipped {entry_id, status} | unknown | not_waiting {status} | key_reused.
-- SQLSTATE: FH410, FH411, FH487 no reason; FH401, FH402; 55P03.
CREATE FUNCTION {schema}.skip_waiting_v1(
    p_performance uuid, p_entry uuid, p_skip boolean,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_status text := CASE WHEN p_skip THEN 'skipped' ELSE 'waiting' END;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_entry, p_actor, p_reason);
    IF btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'reason: say why, in 1 to 255 characters' USING ERRCODE = 'FH487';
    END IF;
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'skip_waiting', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_outcome := (SELECT e.refusal FROM {schema}.lock_entry_v1(p_performance, p_entry, NULL,
        ARRAY[CASE WHEN p_skip THEN 'waiting' ELSE 'skipped' END]) AS e);
    IF v_outcome IS NULL THEN
        UPDATE {schema}.events_waitingentry SET status = v_status
            WHERE performance_id = p_performance AND id = p_entry;
        INSERT INTO {schema}.events_note
                (id, performance_id, operation, actor, reason, facts, at)
            VALUES ({schema}.uuid7(), p_performance, 'skip_waiting', p_actor, p_reason,
                jsonb_build_object('entry_id', p_entry, 'status', v_status), clock_timestamp());
        v_outcome := jsonb_build_object(
            'outcome', 'skipped', 'entry_id', p_entry, 'status', v_status);
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
