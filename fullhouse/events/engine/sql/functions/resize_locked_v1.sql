-- resize_locked_v1: the decision of resize_v1: locks in order, refuses with numbers or writes.
-- Once the performance is locked nobody else changes a size, only counters move; expiring an
-- overbooked hold below may, so the rows are read again after it.
CREATE FUNCTION {schema}.resize_locked_v1(
    p_performance uuid, p_scope text, p_section uuid, p_allocation uuid, p_capacity integer,
    p_seats uuid[], p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_house record;
    v_wanted uuid;
    v_section {schema}.events_eventsection;
    v_allocation {schema}.events_sectiontickettype;
    v_change integer;
    v_refusal jsonb;
    v_overdue uuid[];
    v_outcome jsonb;
BEGIN
    SELECT * INTO v_house FROM {schema}.lock_house_v1(p_performance);
    IF NOT FOUND THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'performance', 'id', p_performance);
    END IF;
    SELECT id INTO v_wanted FROM {schema}.events_eventsection
        WHERE performance_id = p_performance AND id = coalesce(p_section, (
            SELECT a.section_id FROM {schema}.events_sectiontickettype AS a
            WHERE a.performance_id = p_performance AND a.id = p_allocation))
        FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', p_scope,
            'id', coalesce(p_section, p_allocation));
    END IF;
    FOR v_round IN 1..2 LOOP
        SELECT s.* INTO v_section FROM {schema}.events_eventsection AS s
            WHERE s.performance_id = p_performance AND s.id = v_wanted;
        SELECT a.* INTO v_allocation FROM {schema}.events_sectiontickettype AS a
            WHERE a.performance_id = p_performance AND a.section_id = v_wanted AND CASE
                WHEN p_allocation IS NULL THEN a.ticket_type_id IS NULL ELSE a.id = p_allocation END;
        IF p_allocation IS NOT NULL AND v_allocation.id IS NULL THEN
            RETURN jsonb_build_object('outcome', 'unknown', 'what', 'allocation', 'id', p_allocation);
        END IF;
        v_change := p_capacity - CASE p_scope WHEN 'section' THEN v_section.total_capacity
                                 ELSE v_allocation.allocated_capacity END;
        IF cardinality(p_seats) > greatest(-v_change, 0) THEN
            RAISE EXCEPTION 'seat_ids: % named, but only % place(s) go', cardinality(p_seats),
                greatest(-v_change, 0) USING ERRCODE = 'FH440';
        END IF;
        IF v_round = 1 THEN
            v_overdue := {schema}.clear_way_v1(p_performance, array_remove(ARRAY[v_allocation.id], NULL),
                CASE WHEN v_allocation.id IS NULL THEN '{}'
                     ELSE ARRAY[greatest(-v_change - cardinality(p_seats), 0)] END,
                p_seats, p_actor, 'in the way of a resize');
        END IF;
    END LOOP;
    SELECT max_capacity INTO v_house.max_capacity
        FROM {schema}.events_eventperformance WHERE id = p_performance;
    IF v_change > 0 AND v_house.max_capacity::bigint + v_change > v_house.venue_capacity THEN
        RETURN jsonb_build_object('outcome', 'over_venue', 'venue_capacity', v_house.venue_capacity,
            'max_capacity', v_house.max_capacity, 'added', v_change,
            'needed', v_house.max_capacity::bigint + v_change);
    END IF;
    v_refusal := coalesce({schema}.seats_refusal_v1(p_performance, p_seats),
        {schema}.shrink_refusal_v1(p_performance, p_scope, v_section.id, v_allocation, p_capacity,
            -v_change, p_seats));
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    IF v_allocation.id IS NULL AND v_change > 0 THEN
        v_allocation.id := {schema}.make_allocation_v1(p_performance, v_section.id, NULL);
    END IF;
    v_outcome := {schema}.apply_resize_v1(p_performance, v_section.id, v_allocation.id, v_change,
        p_seats, p_actor, p_reason);
    PERFORM {schema}.offer_freed_v1(p_performance, v_overdue, p_actor);
    RETURN v_outcome;
END $$;
