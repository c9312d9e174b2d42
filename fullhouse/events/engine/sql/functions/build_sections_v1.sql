-- build_sections_v1: writes what open_performance_v1 has checked, under its locks and its marker.
-- The ledger gets one opening row an allocation (from outside to available, its whole places).
CREATE FUNCTION {schema}.build_sections_v1(
    p_performance uuid, p_configuration jsonb, p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_position integer;
    v_max integer;
    v_built jsonb;
BEGIN
    SELECT coalesce(max(s.position), 0) INTO v_position
        FROM {schema}.events_eventsection AS s WHERE s.performance_id = p_performance;
    INSERT INTO {schema}.events_eventsection
            (id, performance_id, name, total_capacity, base_price, currency, orphan_rule,
             focal_row_rank, focal_seat_rank, position)
        SELECT {schema}.uuid7(), p_performance, c.name, c.total_capacity, c.base_price, c.currency,
               c.orphan_rule, c.focal_row_rank, c.focal_seat_rank, v_position + c.ordinal
        FROM {schema}.configured_sections_v1(p_configuration) AS c ORDER BY c.ordinal;
    INSERT INTO {schema}.events_sectiontickettype
            (id, performance_id, section_id, ticket_type_id, allocated_capacity, available_capacity,
             unseated_available, price_modifier)
        SELECT {schema}.uuid7(), p_performance, s.id, a.ticket_type_id, a.allocated_capacity,
               a.allocated_capacity, a.allocated_capacity - coalesce(n.seats, 0),
               coalesce(a.price_modifier, t.price_modifier, 1)
        FROM {schema}.configured_allocations_v1(p_configuration) AS a
        JOIN {schema}.events_eventsection AS s
            ON s.performance_id = p_performance AND s.position = v_position + a.ordinal
        LEFT JOIN {schema}.events_tickettype AS t ON t.id = a.ticket_type_id
        LEFT JOIN (SELECT c.ordinal, c.ticket_type_id, count(*) AS seats
                   FROM {schema}.configured_seats_v1(p_configuration) AS c GROUP BY 1, 2) AS n
            ON n.ordinal = a.ordinal AND n.ticket_type_id IS NOT DISTINCT FROM a.ticket_type_id
        ORDER BY a.ordinal, t.name NULLS LAST;
    INSERT INTO {schema}.events_seat
            (id, performance_id, section_id, allocation_id, row_number, seat_number, price,
             is_accessible, is_companion, is_premium, has_restricted_view, row_rank, seat_rank, x, y)
        SELECT {schema}.uuid7(), p_performance, a.section_id, a.id, c.row_number, c.seat_number,
               c.price, c.is_accessible, c.is_companion, c.is_premium, c.has_restricted_view,
               c.row_rank, c.seat_rank, c.x, c.y
        FROM {schema}.configured_seats_v1(p_configuration) AS c
        JOIN {schema}.events_eventsection AS s
            ON s.performance_id = p_performance AND s.position = v_position + c.ordinal
        JOIN {schema}.events_sectiontickettype AS a
            ON a.performance_id = p_performance AND a.section_id = s.id
           AND a.ticket_type_id IS NOT DISTINCT FROM c.ticket_type_id
        ORDER BY c.ordinal, c.row_rank, c.seat_rank;
    INSERT INTO {schema}.events_movement
            (id, performance_id, allocation_id, to_state, quantity, operation, actor, reason,
             at)
        SELECT {schema}.uuid7(), p_performance, a.id, 'available', a.allocated_capacity,
               'open_performance', coalesce(p_actor, ''), coalesce(p_reason, ''),
               (SELECT clock_timestamp())
        FROM {schema}.events_sectiontickettype AS a
        JOIN {schema}.events_eventsection AS s
            ON s.performance_id = p_performance AND s.id = a.section_id
        WHERE a.performance_id = p_performance AND s.position > v_position
          AND a.allocated_capacity > 0;
    UPDATE {schema}.events_eventperformance AS p
        SET max_capacity = max_capacity + (
            SELECT sum(c.total_capacity) FROM {schema}.configured_sections_v1(p_configuration) AS c)
        WHERE p.id = p_performance RETURNING p.max_capacity INTO v_max;
    SELECT jsonb_agg(jsonb_build_object('section_id', s.id, 'name', s.name,
               'total_capacity', s.total_capacity, 'allocations', (
               SELECT jsonb_agg(jsonb_build_object('allocation_id', a.id,
                          'ticket_type_id', a.ticket_type_id,
                          'allocated_capacity', a.allocated_capacity,
                          'unseated_available', a.unseated_available) ORDER BY a.id)
               FROM {schema}.events_sectiontickettype AS a
               WHERE a.performance_id = p_performance AND a.section_id = s.id)) ORDER BY s.position)
        INTO v_built
        FROM {schema}.events_eventsection AS s
        WHERE s.performance_id = p_performance AND s.position > v_position;
    RETURN jsonb_build_object('outcome', 'opened', 'performance_id', p_performance,
        'max_capacity', v_max, 'sections', v_built);
END $$;
