-- seat_states_v1(performance) -> jsonb: every numbered seat's state and offer, as two strings.
-- Seats in the order of their ordinals, that of seat_plan_v1. State: a available,
-- r reserved (the house's too), s sold; a seat in a hold past its deadline is available. Offer: an index into
-- `offers`, the different pairs of allocation and price; a price is text, and that of one ticket where a
-- ticket takes places_per_ticket seats together. Locks: none; one statement, one snapshot.
-- Outcomes: found {plan_version, status, count, states, offer_of ("0,0,1,..."), offers: [{allocation_id,
--   section_id, ticket_type_id, price, currency, places_per_ticket}]}; unknown {what, id}.
CREATE FUNCTION {schema}.seat_states_v1(p_performance uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH overdue AS MATERIALIZED (
        SELECT l.seat_id
        FROM {schema}.events_reservation AS r
        JOIN {schema}.events_reservationline AS l
            ON l.performance_id = r.performance_id AND l.reservation_id = r.id
        WHERE r.performance_id = p_performance AND r.status = 'reserved'
          AND r.expires_at <= statement_timestamp() AND l.status = 'reserved' AND l.seat_id IS NOT NULL
    ), offer AS MATERIALIZED (
        SELECT o.allocation_id, o.own_price, a.section_id, a.ticket_type_id, s.currency, s.position,
               coalesce(y.places_per_ticket, 1) AS places_per_ticket,
               coalesce(CASE WHEN y.places_per_ticket > 1 THEN NULL ELSE o.own_price END,
                   {schema}.final_price(s.base_price, a.price_modifier, s.currency))::text AS price,
               row_number() OVER (ORDER BY s.position, o.allocation_id, o.own_price) - 1 AS place
        FROM (SELECT DISTINCT t.allocation_id, t.price AS own_price FROM {schema}.events_seat AS t
              WHERE t.performance_id = p_performance) AS o
        JOIN {schema}.events_sectiontickettype AS a
            ON a.performance_id = p_performance AND a.id = o.allocation_id
        JOIN {schema}.events_eventsection AS s
            ON s.performance_id = p_performance AND s.id = a.section_id
        LEFT JOIN {schema}.events_tickettype AS y ON y.id = a.ticket_type_id
    ), seat AS MATERIALIZED (
        SELECT CASE WHEN t.status = 'sold' THEN 's'
                    WHEN t.status = 'available' OR t.id IN (SELECT seat_id FROM overdue) THEN 'a'
                    ELSE 'r' END AS state, o.place,
               row_number() OVER (
                   ORDER BY o.position, t.section_id, t.row_rank, t.seat_rank, t.id) AS n
        FROM {schema}.events_seat AS t
        JOIN offer AS o ON o.allocation_id = t.allocation_id
            AND o.own_price IS NOT DISTINCT FROM t.price
        WHERE t.performance_id = p_performance
    )
    SELECT coalesce((
        SELECT jsonb_build_object('outcome', 'found', 'plan_version', p.plan_version,
            'status', p.status, 'count', (SELECT count(*) FROM seat),
            'states', (SELECT coalesce(string_agg(state, '' ORDER BY n), '') FROM seat),
            'offer_of', (SELECT coalesce(string_agg(place::text, ',' ORDER BY n), '') FROM seat),
            'offers', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'allocation_id', o.allocation_id, 'section_id', o.section_id,
                'ticket_type_id', o.ticket_type_id, 'price', o.price, 'currency', o.currency,
                'places_per_ticket', o.places_per_ticket) ORDER BY o.place), '[]') FROM offer AS o))
        FROM {schema}.events_eventperformance AS p WHERE p.id = p_performance),
        jsonb_build_object('outcome', 'unknown', 'what', 'performance', 'id', p_performance))
$$;
