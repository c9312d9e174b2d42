-- note_change_v1: keep who changed a row of a performance that moves no place, why, and from what to what.
-- For services that change catalogue rows; the note is of the caller's transaction.
-- Outcomes: noted.
-- SQLSTATE: FH410, FH411.
CREATE FUNCTION {schema}.note_change_v1(
    p_performance uuid, p_operation text, p_facts jsonb, p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' AS $$
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    INSERT INTO {schema}.events_note (id, performance_id, operation, actor, reason, facts, at)
        VALUES ({schema}.uuid7(), p_performance, p_operation, p_actor, p_reason, p_facts,
            clock_timestamp());
    RETURN jsonb_build_object('outcome', 'noted');
END $$;
