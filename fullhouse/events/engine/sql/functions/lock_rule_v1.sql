-- lock_rule_v1: lock a performance to change its rules; unknown {what, id} where there is none, or the
-- ticket type is not of its event; else null. Locks: performance.
CREATE FUNCTION {schema}.lock_rule_v1(p_performance uuid, p_ticket_type uuid) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_event uuid;
BEGIN
    SELECT event_id INTO v_event FROM {schema}.events_eventperformance
        WHERE id = p_performance FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'performance', 'id', p_performance);
    ELSIF p_ticket_type IS NOT NULL AND NOT EXISTS (SELECT FROM {schema}.events_tickettype
            WHERE id = p_ticket_type AND event_id = v_event) THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'ticket_type', 'id', p_ticket_type);
    END IF;
    RETURN NULL;
END $$;
