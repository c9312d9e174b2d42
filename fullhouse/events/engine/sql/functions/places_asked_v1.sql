-- places_asked_v1: where each request of a reserve may take its places, in the order asked.
--
-- One row a request: `first_allocation`, then `second_allocation` (a section's pool behind the
-- type's own), each with its price and its unseated places; for a seat its allocation and status.
-- `refusal` is set where the request cannot be met whatever is free. p_types: the event's ticket types
-- on offer, id -> modifier; p_sizes: id -> places_per_ticket of those with several. Prices are of one
-- ticket: see reserve_v1. Reads only, locks nothing.
CREATE FUNCTION {schema}.places_asked_v1(
    p_performance uuid, p_types jsonb, p_requests jsonb, p_sizes jsonb DEFAULT '{}'
) RETURNS TABLE (
    n bigint, seat_id uuid, seat_status text, seat_label text, section_id uuid, currency text,
    ticket_type_id uuid, quantity integer,
    first_allocation uuid, first_price numeric, first_unseated integer,
    second_allocation uuid, second_price numeric, second_unseated integer,
    places_per_ticket integer, refusal jsonb
)
LANGUAGE sql STABLE AS $$
    SELECT q.n, seat.id, seat.status, seat.row_number || '-' || seat.seat_number, s.id, s.currency,
           t.id, coalesce(q.quantity, 1),
           f.id,
           coalesce(CASE WHEN p_sizes ? t.id::text THEN NULL ELSE seat.price END,
               {schema}.final_price(s.base_price,
               CASE WHEN f.ticket_type_id IS NULL AND t.id IS NOT NULL
                   THEN coalesce(own.price_modifier, (p_types ->> t.id::text)::numeric)
                   ELSE f.price_modifier END, s.currency)),
           f.unseated_available,
           pool.id,
           {schema}.final_price(s.base_price,
               coalesce(own.price_modifier, (p_types ->> t.id::text)::numeric), s.currency),
           pool.unseated_available,
           coalesce((p_sizes ->> t.id::text)::integer, 1),
           CASE
               WHEN q.seat_id IS NOT NULL AND seat.id IS NULL THEN
                   jsonb_build_object('outcome', 'unknown', 'what', 'seat', 'id', q.seat_id)
               WHEN q.allocation_id IS NOT NULL AND given.id IS NULL THEN
                   jsonb_build_object('outcome', 'unknown', 'what', 'allocation', 'id', q.allocation_id)
               WHEN s.id IS NULL THEN
                   jsonb_build_object('outcome', 'unknown', 'what', 'section', 'id', q.section_id)
               WHEN f.id IS NULL AND pool.id IS NULL
                       OR t.id IS NOT NULL AND NOT p_types ? t.id::text THEN
                   jsonb_build_object('outcome', 'not_on_offer', 'ticket_type', t.id, 'section_id', s.id)
               WHEN given.ticket_type_id <> q.ticket_type_id THEN
                   jsonb_build_object('outcome', 'wrong_type',
                       'sold_as', given.ticket_type_id, 'ticket_type', q.ticket_type_id)
           END
    FROM (
        SELECT e.n, (e.request ->> 'seat_id')::uuid AS seat_id,
               (e.request ->> 'allocation_id')::uuid AS allocation_id,
               (e.request ->> 'section_id')::uuid AS section_id,
               (e.request ->> 'ticket_type_id')::uuid AS ticket_type_id,
               (e.request ->> 'quantity')::integer AS quantity
        FROM jsonb_array_elements(p_requests) WITH ORDINALITY AS e (request, n)
    ) AS q
    -- By key, whatever the statistics say: a house that was just filled has none yet.
    LEFT JOIN LATERAL (
        SELECT z.id, z.status, z.row_number, z.seat_number, z.allocation_id, z.price
        FROM {schema}.events_seat AS z
        WHERE z.performance_id = p_performance AND z.id = q.seat_id OFFSET 0
    ) AS seat ON true
    LEFT JOIN {schema}.events_sectiontickettype AS given
        ON given.performance_id = p_performance
        AND given.id = coalesce(q.allocation_id, seat.allocation_id)
    LEFT JOIN {schema}.events_eventsection AS s
        ON s.performance_id = p_performance AND s.id = coalesce(given.section_id, q.section_id)
    CROSS JOIN LATERAL (SELECT coalesce(q.ticket_type_id, given.ticket_type_id) AS id) AS t
    LEFT JOIN {schema}.events_sectiontickettype AS own
        ON own.performance_id = p_performance AND own.section_id = s.id
        AND own.ticket_type_id = t.id
    LEFT JOIN {schema}.events_sectiontickettype AS pool
        ON q.section_id IS NOT NULL AND pool.performance_id = p_performance
        AND pool.section_id = s.id AND pool.ticket_type_id IS NULL
    CROSS JOIN LATERAL (
        SELECT CASE WHEN q.section_id IS NULL THEN given.id ELSE own.id END AS id,
               CASE WHEN q.section_id IS NULL THEN given.ticket_type_id
                   ELSE own.ticket_type_id END AS ticket_type_id,
               CASE WHEN q.section_id IS NULL THEN given.price_modifier
                   ELSE own.price_modifier END AS price_modifier,
               CASE WHEN q.section_id IS NULL THEN given.unseated_available
                   ELSE own.unseated_available END AS unseated_available
    ) AS f
    ORDER BY q.n
$$;
