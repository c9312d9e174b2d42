-- made_facts_v1: what holds that this statement has made have in common, so that they can be told
-- without being read: {made_at, sections: {allocation: [id, name]}, types: {id: name}}.
-- p_answers: outcomes of reserve_v1. Reads only, locks nothing.
CREATE FUNCTION {schema}.made_facts_v1(p_performance uuid, p_answers jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH line AS (
        SELECT DISTINCT (l.line ->> 'allocation_id')::uuid AS allocation_id,
               (l.line ->> 'ticket_type_id')::uuid AS ticket_type_id
        FROM jsonb_array_elements(p_answers) AS a (answer),
             jsonb_array_elements(a.answer -> 'lines') AS l (line)
    )
    SELECT jsonb_build_object(
        'made_at', statement_timestamp(),  -- as the default of events_reservation.created_at
        'sections', (
            SELECT coalesce(jsonb_object_agg(f.id, jsonb_build_array(s.id, s.name)), '{}')
            FROM {schema}.events_sectiontickettype AS f
            JOIN {schema}.events_eventsection AS s
                ON s.performance_id = f.performance_id AND s.id = f.section_id
            WHERE f.performance_id = p.id AND f.id IN (SELECT allocation_id FROM line)),
        'types', (
            SELECT coalesce(jsonb_object_agg(t.id, t.name), '{}')
            FROM {schema}.events_tickettype AS t
            WHERE t.id IN (SELECT ticket_type_id FROM line)))
    FROM {schema}.events_eventperformance AS p WHERE p.id = p_performance
$$;
