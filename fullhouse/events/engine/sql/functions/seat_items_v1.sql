-- seat_items_v1: the seats that requests of a batch name, one row each, with what serves it.
--
-- p_numbers: which of p_requests, each well-formed. `plain`: it needs no further questions: the
-- performance is on sale and without sales rules, the seat is there, open to everybody, in a section
-- that lets buyers leave single seats, and on offer as what is asked, one place a ticket. Prices and
-- types as in places_asked_v1. Reads only, locks nothing.
CREATE FUNCTION {schema}.seat_items_v1(p_performance uuid, p_requests jsonb, p_numbers bigint[])
RETURNS TABLE (
    n bigint, at bigint, seat_id uuid, seat_label text, free boolean, allocation_id uuid,
    ticket_type_id uuid, currency text, price numeric, plain boolean
)
LANGUAGE sql STABLE AS $$
    SELECT w.n, e.at, q.seat_id, z.row_number || '-' || z.seat_number,
           coalesce(z.status = 'available', false), a.id, t.id, s.currency,
           coalesce(z.price, {schema}.final_price(s.base_price,
               CASE WHEN a.ticket_type_id IS NULL AND t.id IS NOT NULL
                   THEN coalesce(own.price_modifier, t.price_modifier)
                   ELSE a.price_modifier END, s.currency)),
           s.id IS NOT NULL AND NOT s.orphan_rule AND NOT z.is_accessible AND NOT z.is_companion
               AND NOT e.request ?| '{accessible,chosen}'
               AND coalesce(a.ticket_type_id = q.ticket_type_id, true)
               AND CASE WHEN t.id IS NULL THEN coalesce(q.ticket_type_id, a.ticket_type_id) IS NULL
                   ELSE t.places_per_ticket = 1 END
    FROM unnest(p_numbers) AS w (n)
    CROSS JOIN LATERAL jsonb_array_elements(p_requests -> (w.n - 1)::integer -> 'requests')
        WITH ORDINALITY AS e (request, at)
    CROSS JOIN LATERAL (SELECT (e.request ->> 'seat_id')::uuid AS seat_id,
                               (e.request ->> 'ticket_type_id')::uuid AS ticket_type_id) AS q
    LEFT JOIN {schema}.events_eventperformance AS p
        ON p.id = p_performance AND p.status = 'on_sale' AND NOT p.has_rules
        AND coalesce(p.sales_open_at <= clock_timestamp(), true)
        AND coalesce(p.sales_close_at > clock_timestamp(), true)
    -- By key, whatever the statistics say: a house that was just filled has none yet.
    LEFT JOIN LATERAL (
        SELECT * FROM {schema}.events_seat WHERE id = q.seat_id OFFSET 0
    ) AS z ON z.performance_id = p.id
    LEFT JOIN {schema}.events_sectiontickettype AS a
        ON a.performance_id = p.id AND a.id = z.allocation_id
    LEFT JOIN {schema}.events_eventsection AS s
        ON s.performance_id = p.id AND s.id = a.section_id
    LEFT JOIN {schema}.events_tickettype AS t
        ON t.id = coalesce(q.ticket_type_id, a.ticket_type_id) AND t.event_id = p.event_id
        AND t.is_active
    LEFT JOIN {schema}.events_sectiontickettype AS own
        ON own.performance_id = p.id AND own.section_id = s.id AND own.ticket_type_id = t.id
$$;
