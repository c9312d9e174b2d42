-- apply_plan_change_v1: writes what change_plan_locked_v1 has decided, under its locks and marker.
-- Returns what was done, for the answer and the note; the note also keeps the labels of removed seats,
-- which the ledger knows by id only. Sizes of sections and performance follow their allocations.
CREATE FUNCTION {schema}.apply_plan_change_v1(
    p_performance uuid, p_configuration jsonb, p_new jsonb, p_removed uuid[], p_added jsonb,
    p_updated jsonb, p_unseated jsonb, p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_labels jsonb;
    v_emptied jsonb;
    v_names jsonb := coalesce(
        jsonb_path_query_array(p_new, '$.sections[*].name'), '[]');
BEGIN
    SELECT coalesce(jsonb_agg(jsonb_build_object('seat_id', s.id, 'section', c.name,
            'seat', s.row_number || '-' || s.seat_number)), '[]')
        INTO v_labels
        FROM {schema}.events_seat AS s
        JOIN {schema}.events_eventsection AS c
            ON c.performance_id = p_performance AND c.id = s.section_id
        WHERE s.performance_id = p_performance AND s.id = ANY (p_removed);
    SELECT coalesce(jsonb_agg(c.name), '[]') INTO v_emptied
        FROM {schema}.plan_sections_v1(p_performance, p_configuration) AS c
        JOIN {schema}.events_eventsection AS e
            ON e.performance_id = p_performance AND e.id = c.section_id
        WHERE c.ordinal IS NULL AND e.total_capacity > 0;
    PERFORM {schema}.remove_plan_seats_v1(p_performance, p_removed, p_actor, p_reason);
    PERFORM {schema}.add_plan_seats_v1(p_performance, p_added, p_actor, p_reason);
    PERFORM {schema}.change_unseated_v1(
        p_performance, p_configuration, p_unseated, p_actor, p_reason);
    UPDATE {schema}.events_seat AS s
        SET row_number = u.row_number, seat_number = u.seat_number, row_rank = u.row_rank,
            seat_rank = u.seat_rank, is_accessible = u.is_accessible,
            is_companion = u.is_companion, is_premium = u.is_premium,
            has_restricted_view = u.has_restricted_view, x = u.x, y = u.y
        FROM jsonb_to_recordset(p_updated) AS u (id uuid, row_number text, seat_number text,
            row_rank integer, seat_rank integer, is_accessible boolean, is_companion boolean,
            is_premium boolean, has_restricted_view boolean, x double precision,
            y double precision)
        WHERE s.performance_id = p_performance AND s.id = u.id;
    UPDATE {schema}.events_eventsection AS e SET total_capacity = t.places
        FROM (SELECT a.section_id, sum(a.allocated_capacity) AS places
              FROM {schema}.events_sectiontickettype AS a
              WHERE a.performance_id = p_performance GROUP BY a.section_id) AS t
        WHERE e.performance_id = p_performance AND e.id = t.section_id
          AND e.total_capacity <> t.places;
    UPDATE {schema}.events_eventperformance AS p SET max_capacity = t.places
        FROM (SELECT sum(e.total_capacity) AS places FROM {schema}.events_eventsection AS e
              WHERE e.performance_id = p_performance) AS t
        WHERE p.id = p_performance AND p.max_capacity <> t.places;
    IF v_names <> '[]' THEN
        PERFORM {schema}.build_sections_v1(p_performance, p_new, p_actor, p_reason);
    END IF;
    UPDATE {schema}.events_eventsection AS e
        SET position = o.place, orphan_rule = coalesce(o.orphan_rule, e.orphan_rule),
            focal_row_rank = CASE WHEN o.orphan_rule IS NULL THEN e.focal_row_rank
                                  ELSE o.focal_row_rank END,
            focal_seat_rank = CASE WHEN o.orphan_rule IS NULL THEN e.focal_seat_rank
                                   ELSE o.focal_seat_rank END
        FROM (SELECT x.id, c.orphan_rule, c.focal_row_rank, c.focal_seat_rank,
                     row_number() OVER (ORDER BY c.ordinal NULLS LAST, x.position, x.id) AS place
              FROM {schema}.events_eventsection AS x
              LEFT JOIN {schema}.configured_sections_v1(p_configuration) AS c
                  ON c.name_key = x.name_key
              WHERE x.performance_id = p_performance) AS o
        WHERE e.performance_id = p_performance AND e.id = o.id
          AND (o.orphan_rule IS NOT NULL OR e.position <> o.place);
    RETURN jsonb_build_object('added', jsonb_array_length(p_added),
        'removed', cardinality(p_removed), 'updated', jsonb_array_length(p_updated),
        'unseated', (SELECT coalesce(jsonb_agg(u - 'section_id'), '[]')
                     FROM jsonb_array_elements(p_unseated) AS u),
        'new_sections', v_names, 'emptied_sections', v_emptied, 'removed_seats', v_labels);
END $$;
