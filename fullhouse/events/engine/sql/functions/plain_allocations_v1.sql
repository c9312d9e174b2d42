-- plain_allocations_v1: the allocations of a performance from which a quantity can be had without
-- further questions: on sale, the type on offer and of one place a ticket, no sales rules.
-- The same conditions as reserve_one_v1's. Reads only.
CREATE FUNCTION {schema}.plain_allocations_v1(p_performance uuid, p_now timestamptz)
RETURNS TABLE (
    id uuid, section_id uuid, ticket_type_id uuid, unseated_available integer, currency text,
    price numeric
)
LANGUAGE sql STABLE AS $$
    SELECT a.id, s.id, a.ticket_type_id, a.unseated_available, s.currency,
           {schema}.final_price(s.base_price, a.price_modifier, s.currency)
    FROM {schema}.events_eventperformance AS p
    JOIN {schema}.events_sectiontickettype AS a ON a.performance_id = p.id
    JOIN {schema}.events_eventsection AS s ON s.performance_id = p.id AND s.id = a.section_id
    LEFT JOIN {schema}.events_tickettype AS t
        ON t.id = a.ticket_type_id AND t.event_id = p.event_id AND t.is_active
    WHERE p.id = p_performance AND p.status = 'on_sale' AND NOT p.has_rules
      AND coalesce(p.sales_open_at <= p_now, true) AND coalesce(p.sales_close_at > p_now, true)
      AND (a.ticket_type_id IS NULL OR t.id IS NOT NULL AND t.places_per_ticket = 1)
$$;
