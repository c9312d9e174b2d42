-- change_plan_locked_v1: the decision of change_plan_v1: locks in order, refuses or writes.
-- Once performance and sections are locked nobody else changes the set of seats, only their states.
CREATE FUNCTION {schema}.change_plan_locked_v1(
    p_performance uuid, p_plan uuid, p_configuration jsonb, p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_house record;
    v_removed uuid[];
    v_updated uuid[];
    v_added jsonb;
    v_changes jsonb;
    v_new jsonb;
    v_refusal jsonb;
    v_unseated jsonb;
    v_max integer;
    v_expired uuid[];
BEGIN
    SELECT * INTO v_house FROM {schema}.lock_house_v1(p_performance);
    IF NOT FOUND THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'performance', 'id', p_performance);
    ELSIF NOT EXISTS (SELECT FROM {schema}.events_seatingplan AS k WHERE k.id = p_plan) THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'seating plan', 'id', p_plan);
    END IF;
    PERFORM 1 FROM {schema}.events_eventsection
        WHERE performance_id = p_performance ORDER BY id FOR NO KEY UPDATE;
    v_refusal := {schema}.plan_configuration_refusal_v1(
        p_performance, p_configuration, v_house.event_id);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT coalesce(array_agg(d.seat_id) FILTER (WHERE d.what = 'removed'), '{}'),
           coalesce(array_agg(d.seat_id) FILTER (WHERE d.what = 'updated'), '{}'),
           coalesce(jsonb_agg(d.target) FILTER (WHERE d.what = 'added'), '[]'),
           coalesce(jsonb_agg(d.target || jsonb_build_object('id', d.seat_id))
               FILTER (WHERE d.what = 'updated'), '[]')
        INTO v_removed, v_updated, v_added, v_changes
        FROM {schema}.plan_differences_v1(p_performance, p_configuration) AS d;
    SELECT coalesce(jsonb_agg(jsonb_build_object('section_id', c.section_id, 'section', c.name,
            'change', c.unseated_wanted - c.unseated)), '[]')
        INTO v_unseated
        FROM {schema}.plan_sections_v1(p_performance, p_configuration) AS c
        WHERE c.section_id IS NOT NULL AND c.unseated_wanted <> c.unseated;
    v_expired := {schema}.lock_plan_change_v1(
        p_performance, v_removed, v_updated, v_unseated, p_actor);
    v_refusal := {schema}.plan_orphans_v1(p_performance, v_removed, v_unseated);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT jsonb_build_object('sections', jsonb_agg(s.value ORDER BY s.place)) INTO v_new
        FROM jsonb_array_elements(p_configuration -> 'sections') WITH ORDINALITY AS s (value, place)
        JOIN {schema}.plan_sections_v1(p_performance, p_configuration) AS c
            ON c.ordinal = s.place AND c.section_id IS NULL;
    v_changes := {schema}.apply_plan_change_v1(p_performance, p_configuration, v_new, v_removed,
        v_added, v_changes, v_unseated, p_actor, p_reason);
    SELECT p.max_capacity INTO v_max
        FROM {schema}.events_eventperformance AS p WHERE p.id = p_performance;
    IF v_max > v_house.venue_capacity AND v_max > v_house.max_capacity THEN
        RETURN jsonb_build_object('outcome', 'over_venue', 'venue_capacity', v_house.venue_capacity,
            'max_capacity', v_house.max_capacity, 'added', v_max - v_house.max_capacity,
            'needed', v_max);
    END IF;
    UPDATE {schema}.events_eventperformance SET seating_plan_id = p_plan WHERE id = p_performance;
    INSERT INTO {schema}.events_note (id, performance_id, operation, actor, reason, facts)
        VALUES ({schema}.uuid7(), p_performance, 'change_plan', p_actor, p_reason,
            v_changes || jsonb_build_object('plan', p_plan, 'max_capacity', v_max));
    PERFORM {schema}.offer_freed_v1(p_performance, v_expired, p_actor);
    RETURN v_changes - 'removed_seats'
        || jsonb_build_object('outcome', 'changed', 'max_capacity', v_max);
END $$;
