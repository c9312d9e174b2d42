-- lock_performance_v1: a performance's part in a transaction over several performances.
-- The caller locks all of them before anything inside one, in the order of their ids: whoever holds
-- places of one performance waits for another performance only in that order, so that two such
-- transactions cannot wait for each other. Selling goes on: reserve and confirm need no lock here.
-- Locks: the performance. Outcomes: locked {performance_id, status} | unknown {what, id}.
-- SQLSTATE: 55P03.
CREATE FUNCTION {schema}.lock_performance_v1(p_performance uuid) RETURNS jsonb
LANGUAGE plpgsql SET lock_timeout TO '5s' AS $$
DECLARE
    v_status text;
BEGIN
    SELECT status INTO v_status FROM {schema}.events_eventperformance
        WHERE id = p_performance FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'performance', 'id', p_performance);
    END IF;
    RETURN jsonb_build_object(
        'outcome', 'locked', 'performance_id', p_performance, 'status', v_status);
END $$;
