-- repair_sums_v1: sections get the sum of their allocations (I3), the performance that of its sections
-- (I2). Returns its steps. Called with the performance locked whole, last.
CREATE FUNCTION {schema}.repair_sums_v1(p_performance uuid) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_sections jsonb;
    v_performance jsonb;
BEGIN
    WITH wanted AS MATERIALIZED (
        SELECT e.id, e.total_capacity AS before, coalesce(sum(a.allocated_capacity), 0) AS after
        FROM {schema}.events_eventsection AS e
        LEFT JOIN {schema}.events_sectiontickettype AS a
            ON a.performance_id = p_performance AND a.section_id = e.id
        WHERE e.performance_id = p_performance GROUP BY e.id
    ), mended AS (
        UPDATE {schema}.events_eventsection AS e SET total_capacity = w.after FROM wanted AS w
            WHERE e.performance_id = p_performance AND e.id = w.id AND w.before <> w.after
            RETURNING e.id, w.before, w.after
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('rule', 'I3', 'table', 'events_eventsection',
               'id', m.id, 'before', jsonb_build_object('total_capacity', m.before),
               'after', jsonb_build_object('total_capacity', m.after)) ORDER BY m.id), '[]')
        INTO v_sections FROM mended AS m;
    WITH wanted AS MATERIALIZED (
        SELECT p.id, p.max_capacity AS before, (
                   SELECT coalesce(sum(e.total_capacity), 0) FROM {schema}.events_eventsection AS e
                   WHERE e.performance_id = p_performance) AS after
        FROM {schema}.events_eventperformance AS p WHERE p.id = p_performance
    ), mended AS (
        UPDATE {schema}.events_eventperformance AS p SET max_capacity = w.after FROM wanted AS w
            WHERE p.id = w.id AND w.before <> w.after RETURNING p.id, w.before, w.after
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('rule', 'I2', 'table', 'events_eventperformance',
               'id', m.id, 'before', jsonb_build_object('max_capacity', m.before),
               'after', jsonb_build_object('max_capacity', m.after))), '[]')
        INTO v_performance FROM mended AS m;
    RETURN v_sections || v_performance;
END $$;
