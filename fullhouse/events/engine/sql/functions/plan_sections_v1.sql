-- plan_sections_v1(performance, configuration) -> the sections that a change of plan speaks of:
-- configured ones (`section_id` null: new) and those of the performance's present plan that are not
-- configured any more (`ordinal` null). `unseated` are the places without a number that it has,
-- `unseated_wanted` those that it shall have. Reads only.
CREATE FUNCTION {schema}.plan_sections_v1(p_performance uuid, p_configuration jsonb)
RETURNS TABLE (
    ordinal integer, section_id uuid, name text, orphan_rule boolean, unseated bigint,
    unseated_wanted bigint
)
LANGUAGE sql STABLE AS $$
    WITH former AS MATERIALIZED (
        SELECT {schema}.name_key(s ->> 'name') AS name_key
        FROM {schema}.events_eventperformance AS p
        JOIN {schema}.events_seatingplan AS k ON k.id = p.seating_plan_id
        CROSS JOIN LATERAL jsonb_array_elements(k.document -> 'sections') AS s
        WHERE p.id = p_performance
    ), numbered AS MATERIALIZED (
        SELECT n.ordinal, count(*) AS seats
        FROM {schema}.configured_seats_v1(p_configuration) AS n GROUP BY n.ordinal
    ), here AS MATERIALIZED (
        SELECT e.id, e.name, e.name_key, e.total_capacity - (
                   SELECT count(*) FROM {schema}.events_seat AS t
                   WHERE t.performance_id = p_performance AND t.section_id = e.id) AS unseated
        FROM {schema}.events_eventsection AS e WHERE e.performance_id = p_performance
    )
    SELECT c.ordinal, h.id, coalesce(h.name, c.name), c.orphan_rule, coalesce(h.unseated, 0),
           coalesce(c.total_capacity - coalesce(n.seats, 0), 0)
    FROM {schema}.configured_sections_v1(p_configuration) AS c
    LEFT JOIN numbered AS n ON n.ordinal = c.ordinal
    FULL JOIN here AS h ON h.name_key = c.name_key
    WHERE c.ordinal IS NOT NULL OR h.name_key IN (SELECT f.name_key FROM former AS f)
$$;
