-- open_performance_refusal_v1(performance, configuration, house) -> jsonb: why this house says no,
-- or null. Called with the house locked. Outcomes, each with its facts:
--   duplicate_section {names}                   the name is there already, also in another spelling
--   unknown {what, id}                          ticket types that the event does not have
--   over_section {section, total_capacity, allocated_capacity}
--   duplicate_seat {section, seats}             one seat twice, also in another spelling
--   seats_over_allocation {section, ticket_type_id, seats, allocated_capacity}
--   over_venue {venue_capacity, max_capacity, added, needed}                                  (I1)
CREATE FUNCTION {schema}.open_performance_refusal_v1(
    p_performance uuid, p_configuration jsonb, p_event uuid, p_venue_capacity integer,
    p_max_capacity integer
) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_facts jsonb;
    v_added bigint;
BEGIN
    SELECT jsonb_build_object('outcome', 'duplicate_section', 'names', jsonb_agg(c.name ORDER BY c.ordinal))
        INTO v_facts
        FROM (SELECT s.*, row_number() OVER (PARTITION BY s.name_key ORDER BY s.ordinal) AS twin
              FROM {schema}.configured_sections_v1(p_configuration) AS s) AS c
        WHERE c.twin > 1 OR EXISTS (
            SELECT FROM {schema}.events_eventsection AS e
            WHERE e.performance_id = p_performance AND e.name_key = c.name_key)
        HAVING count(*) > 0;
    IF v_facts IS NOT NULL THEN
        RETURN v_facts;
    END IF;
    SELECT jsonb_build_object('outcome', 'unknown', 'what', 'ticket type', 'id', jsonb_agg(DISTINCT a.id))
        INTO v_facts
        FROM (SELECT c.ticket_type_id AS id FROM {schema}.configured_allocations_v1(p_configuration) AS c
              UNION SELECT s.ticket_type_id FROM {schema}.configured_seats_v1(p_configuration) AS s) AS a
        WHERE a.id IS NOT NULL AND NOT EXISTS (
            SELECT FROM {schema}.events_tickettype AS t WHERE t.id = a.id AND t.event_id = p_event)
        HAVING count(*) > 0;
    IF v_facts IS NOT NULL THEN
        RETURN v_facts;
    END IF;
    SELECT jsonb_build_object('outcome', 'over_section', 'section', s.name,
            'total_capacity', s.total_capacity, 'allocated_capacity', s.allocated_capacity)
        INTO v_facts
        FROM {schema}.configured_sections_v1(p_configuration) AS s
        WHERE s.allocated_capacity > s.total_capacity ORDER BY s.ordinal LIMIT 1;
    IF v_facts IS NOT NULL THEN
        RETURN v_facts;
    END IF;
    SELECT jsonb_build_object('outcome', 'duplicate_seat', 'section', c.name,
            'seats', jsonb_agg(d.label ORDER BY d.label))
        INTO v_facts
        FROM (SELECT s.ordinal, min(s.row_number || '-' || s.seat_number) AS label
              FROM {schema}.configured_seats_v1(p_configuration) AS s
              GROUP BY s.ordinal, {schema}.name_key(s.row_number), {schema}.seat_key(s.seat_number)
              HAVING count(*) > 1) AS d
        JOIN {schema}.configured_sections_v1(p_configuration) AS c ON c.ordinal = d.ordinal
        GROUP BY c.ordinal, c.name ORDER BY c.ordinal LIMIT 1;
    IF v_facts IS NOT NULL THEN
        RETURN v_facts;
    END IF;
    SELECT jsonb_build_object('outcome', 'seats_over_allocation', 'section', c.name,
            'ticket_type_id', n.ticket_type_id, 'seats', n.seats,
            'allocated_capacity', coalesce(a.allocated_capacity, 0))
        INTO v_facts
        FROM (SELECT s.ordinal, s.ticket_type_id, count(*) AS seats
              FROM {schema}.configured_seats_v1(p_configuration) AS s GROUP BY 1, 2) AS n
        JOIN {schema}.configured_sections_v1(p_configuration) AS c ON c.ordinal = n.ordinal
        LEFT JOIN {schema}.configured_allocations_v1(p_configuration) AS a
            ON a.ordinal = n.ordinal AND a.ticket_type_id IS NOT DISTINCT FROM n.ticket_type_id
        WHERE n.seats > coalesce(a.allocated_capacity, 0) ORDER BY n.ordinal LIMIT 1;
    IF v_facts IS NOT NULL THEN
        RETURN v_facts;
    END IF;
    SELECT sum(s.total_capacity) INTO v_added
        FROM {schema}.configured_sections_v1(p_configuration) AS s;
    IF p_max_capacity + v_added > p_venue_capacity THEN
        RETURN jsonb_build_object('outcome', 'over_venue', 'venue_capacity', p_venue_capacity,
            'max_capacity', p_max_capacity, 'added', v_added, 'needed', p_max_capacity + v_added);
    END IF;
    RETURN NULL;
END $$;
