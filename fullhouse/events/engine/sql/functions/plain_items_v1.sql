-- plain_items_v1: the requests of a batch (batch_items_v1), each with the allocation that serves it,
-- where that needs no further questions: the performance is on sale, the type on offer and of one
-- place a ticket, no sales rules. The same conditions as reserve_one_v1's.
--
-- A section's places sold as a type come from the type's own allocation, else from the section's
-- pool (places_asked_v1). `spare`: what the own one lacks may be had from the pool. `place_id` null:
-- the request needs the general way. Prices as in places_asked_v1. Reads only, locks nothing.
CREATE FUNCTION {schema}.plain_items_v1(p_performance uuid, p_requests jsonb, p_now timestamptz)
RETURNS TABLE (
    n bigint, quantity integer, ttl_seconds integer, kind text, reference text, token_hash bytea,
    customer text, channel text, actor text, reason text, key text, digest bytea,
    place_id uuid, free integer, spare boolean, section_id uuid, ticket_type_id uuid,
    currency text, price numeric
)
LANGUAGE sql STABLE AS $$
    SELECT i.n, i.quantity, i.ttl_seconds, i.kind, i.reference, i.token_hash, i.customer,
           i.channel, i.actor, i.reason, i.key, i.digest,
           CASE WHEN i.quick AND (t.id IS NOT NULL AND t.places_per_ticket = 1
                   OR i.section_id IS NULL AND f.ticket_type_id IS NULL) THEN f.id END,
           f.unseated_available, own.id IS NOT NULL AND pool.id IS NOT NULL, s.id, t.id, s.currency,
           {schema}.final_price(s.base_price, CASE WHEN f.ticket_type_id IS NULL AND t.id IS NOT NULL
               THEN t.price_modifier ELSE f.price_modifier END, s.currency)
    FROM {schema}.batch_items_v1(p_requests) AS i
    LEFT JOIN {schema}.events_eventperformance AS p
        ON p.id = p_performance AND p.status = 'on_sale' AND NOT p.has_rules
        AND coalesce(p.sales_open_at <= p_now, true) AND coalesce(p.sales_close_at > p_now, true)
    LEFT JOIN {schema}.events_sectiontickettype AS own
        ON own.performance_id = p.id AND own.section_id = i.section_id
        AND own.ticket_type_id = i.ticket_type_id
    LEFT JOIN {schema}.events_sectiontickettype AS pool
        ON pool.performance_id = p.id AND pool.section_id = i.section_id
        AND pool.ticket_type_id IS NULL
    LEFT JOIN {schema}.events_sectiontickettype AS f
        ON f.performance_id = p.id AND f.id = coalesce(i.allocation_id, own.id, pool.id)
    LEFT JOIN {schema}.events_eventsection AS s
        ON s.performance_id = p.id AND s.id = f.section_id
    LEFT JOIN {schema}.events_tickettype AS t
        ON t.id = coalesce(i.ticket_type_id, f.ticket_type_id) AND t.event_id = p.event_id
        AND t.is_active
$$;
