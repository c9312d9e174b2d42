-- repair_rules_v1: puts right the flag has_rules where sales would not look at rules or at a channel's
-- places. No place moves. Returns its steps. Called with the performance locked whole.
CREATE FUNCTION {schema}.repair_rules_v1(p_performance uuid) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM {schema}.audit_rules_v1(p_performance)) THEN
        RETURN '[]';
    END IF;
    PERFORM {schema}.keep_rules_flag_v1(p_performance);
    RETURN jsonb_build_array(jsonb_build_object('rule', 'rules', 'table', 'events_eventperformance',
        'id', p_performance, 'before', jsonb_build_object('has_rules', false),
        'after', jsonb_build_object('has_rules', true)));
END $$;
