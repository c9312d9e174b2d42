-- join_waiting_refusal_v1: why a party cannot wait for this, or null. Reads only.
-- Outcomes: unknown {what, id} | closed {status, opens_at, closes_at} | not_on_offer {ticket_type}
-- | not_whole_tickets {ticket_type_id, places_per_ticket, quantity} | party_too_large {wanted, most}.
CREATE FUNCTION {schema}.join_waiting_refusal_v1(
    p_performance uuid, p_section uuid, p_ticket_type uuid, p_quantity integer
) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_performance {schema}.events_eventperformance;
    v_size integer := 1;
    v_most bigint;
BEGIN
    SELECT * INTO v_performance FROM {schema}.events_eventperformance WHERE id = p_performance;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'performance', 'id', p_performance);
    ELSIF v_performance.status NOT IN ('on_sale', 'postponed')
            OR v_performance.sales_close_at <= clock_timestamp() THEN
        RETURN jsonb_build_object('outcome', 'closed', 'status', v_performance.status,
            'opens_at', v_performance.sales_open_at, 'closes_at', v_performance.sales_close_at);
    ELSIF p_section IS NOT NULL AND NOT EXISTS (SELECT FROM {schema}.events_eventsection
            WHERE performance_id = p_performance AND id = p_section) THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'section', 'id', p_section);
    END IF;
    IF p_ticket_type IS NOT NULL THEN
        SELECT places_per_ticket INTO v_size FROM {schema}.events_tickettype
            WHERE id = p_ticket_type AND event_id = v_performance.event_id AND is_active;
        IF NOT FOUND THEN
            RETURN jsonb_build_object('outcome', 'not_on_offer', 'ticket_type', p_ticket_type);
        ELSIF p_quantity % v_size <> 0 THEN
            RETURN jsonb_build_object('outcome', 'not_whole_tickets',
                'ticket_type_id', p_ticket_type, 'places_per_ticket', v_size, 'quantity', p_quantity);
        END IF;
    END IF;
    SELECT max(g.places) INTO v_most FROM (
        SELECT sum(a.allocated_capacity) AS places
            FROM {schema}.events_sectiontickettype AS a
            WHERE a.performance_id = p_performance
              AND a.section_id = coalesce(p_section, a.section_id)
              AND (p_ticket_type IS NULL OR a.ticket_type_id IS NULL
                OR a.ticket_type_id = p_ticket_type)
            GROUP BY a.section_id, CASE WHEN p_ticket_type IS NULL THEN a.id END) AS g;
    IF v_most IS NULL THEN
        RETURN jsonb_build_object('outcome', 'not_on_offer', 'ticket_type', p_ticket_type);
    ELSIF v_most < p_quantity THEN
        RETURN jsonb_build_object('outcome', 'party_too_large',
            'wanted', p_quantity, 'most', v_most);
    END IF;
    RETURN NULL;
END $$;
