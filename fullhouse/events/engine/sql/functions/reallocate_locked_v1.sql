-- reallocate_locked_v1: the decision of reallocate_v1: locks in order, refuses with numbers or writes.
CREATE FUNCTION {schema}.reallocate_locked_v1(
    p_performance uuid, p_allocation uuid, p_ticket_type uuid, p_quantity integer, p_seats uuid[],
    p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_section uuid;
    v_target uuid;
    v_both uuid[];
    v_wanted integer[];
    v_left integer;
    v_refusal jsonb;
    v_overdue uuid[];
    v_outcome jsonb;
BEGIN
    PERFORM FROM {schema}.events_eventperformance WHERE id = p_performance FOR NO KEY UPDATE;
    SELECT s.id INTO v_section FROM {schema}.events_eventsection AS s
        WHERE s.performance_id = p_performance AND s.id = (
            SELECT a.section_id FROM {schema}.events_sectiontickettype AS a
            WHERE a.performance_id = p_performance AND a.id = p_allocation)
        FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'allocation', 'id', p_allocation);
    ELSIF p_ticket_type IS NOT NULL AND NOT EXISTS (
            SELECT FROM {schema}.events_tickettype AS t
            JOIN {schema}.events_eventperformance AS p ON p.event_id = t.event_id
            WHERE t.id = p_ticket_type AND p.id = p_performance) THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'ticket type', 'id', p_ticket_type);
    END IF;
    -- The target is locked with the rest, in id order: places wanted of it are none.
    SELECT array_agg(a.id ORDER BY a.id), array_agg(CASE a.id WHEN p_allocation THEN p_quantity ELSE 0 END
            ORDER BY a.id) INTO v_both, v_wanted
        FROM {schema}.events_sectiontickettype AS a
        WHERE a.performance_id = p_performance AND a.section_id = v_section
          AND (a.id = p_allocation OR a.ticket_type_id IS NOT DISTINCT FROM p_ticket_type);
    v_overdue := {schema}.clear_way_v1(p_performance, v_both, v_wanted, p_seats, p_actor,
        'in the way of a reallocation');
    v_refusal := {schema}.seats_refusal_v1(p_performance, p_seats);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT a.id INTO v_target FROM {schema}.events_sectiontickettype AS a
        WHERE a.performance_id = p_performance AND a.section_id = v_section
          AND a.ticket_type_id IS NOT DISTINCT FROM p_ticket_type;
    IF v_target = p_allocation THEN
        RETURN jsonb_build_object('outcome', 'same_allocation', 'allocation_id', p_allocation);
    END IF;
    SELECT jsonb_build_object('outcome', 'seat_elsewhere', 'seat_ids', jsonb_agg(s.id ORDER BY s.id))
        INTO v_refusal
        FROM {schema}.events_seat AS s
        WHERE s.performance_id = p_performance AND s.id = ANY (p_seats)
          AND s.allocation_id <> p_allocation HAVING count(*) > 0;
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT a.unseated_available INTO v_left FROM {schema}.events_sectiontickettype AS a
        WHERE a.performance_id = p_performance AND a.id = p_allocation;
    IF p_quantity > v_left THEN
        RETURN jsonb_build_object('outcome', 'sold_out', 'allocation_id', p_allocation,
            'wanted', p_quantity, 'left', v_left);
    END IF;
    v_target := coalesce(
        v_target, {schema}.make_allocation_v1(p_performance, v_section, p_ticket_type));
    v_outcome := {schema}.move_places_v1(p_performance, p_allocation, v_target, p_quantity, p_seats,
        p_actor, p_reason);
    PERFORM {schema}.offer_freed_v1(p_performance, v_overdue, p_actor);
    RETURN v_outcome;
END $$;
