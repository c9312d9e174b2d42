-- write_run_v1: write the holds of a run (reserve_run_v1), and word its answers, in order, as
-- reserve_v1 would. Writes reservations, lines, movements and, unless p_claimed, the answers under
-- the keys; the hot rows are the caller's: places (sorted) and how many each gives.
-- p_refused: the requests that are refused, p_left, parallel to it, the places that were left then.
-- NULL: all are granted, if they are plain and there are places for all of them; else nothing is
-- written and the answers are NULL. Mostly there are, and then the requests are read only once.
-- SQLSTATE 23505: a reference or a key is taken; the caller rolls back.
CREATE FUNCTION {schema}.write_run_v1(
    p_performance uuid, p_requests jsonb, p_numbers bigint[], p_now timestamptz,
    p_refused bigint[], p_left integer[], p_claimed boolean,
    OUT answers jsonb, OUT places uuid[], OUT quantities integer[]
)
LANGUAGE plpgsql AS $$
DECLARE
    v_first uuid := {schema}.uuid7();
BEGIN
    WITH item AS MATERIALIZED (
        SELECT i.*, {schema}.nth_id_v1(v_first, 4 * i.n::integer) AS id,
               {schema}.nth_id_v1(v_first, 4 * i.n::integer + 1) AS line_id,
               p_now + make_interval(secs => i.ttl_seconds) AS expires_at,
               p_left[array_position(p_refused, i.n)] AS places_left
        FROM {schema}.plain_items_v1(p_performance, p_requests, p_now) AS i
        WHERE p_numbers IS NULL OR i.n = ANY (p_numbers)
    ), place AS MATERIALIZED (
        SELECT place_id, sum(quantity)::integer AS quantity,
               p_refused IS NOT NULL OR place_id IS NOT NULL AND sum(quantity) <= min(free) AS fits
        FROM item WHERE places_left IS NULL GROUP BY place_id
    ), granted AS MATERIALIZED (
        SELECT * FROM item
        WHERE places_left IS NULL AND (SELECT coalesce(bool_and(fits), true) FROM place)
    ), answer AS MATERIALIZED (
        SELECT i.n, i.key, i.digest, CASE WHEN i.places_left IS NULL THEN
            jsonb_build_object('outcome', 'granted', 'reservation_id', i.id,
                'reference', i.reference, 'expires_at', i.expires_at, 'currency', i.currency,
                'total', (i.price * i.quantity)::text,
                'lines', jsonb_build_array(jsonb_build_object(
                    'id', i.line_id, 'allocation_id', i.place_id,
                    'ticket_type_id', i.ticket_type_id, 'seat_id', NULL,
                    'quantity', i.quantity, 'places_per_ticket', 1,
                    'unit_price', i.price::text)))
            ELSE jsonb_build_object('outcome', 'sold_out', 'wanted', i.quantity,
                'left', i.places_left, 'allocation_id', i.place_id,
                'section_id', i.section_id, 'ticket_type_id', i.ticket_type_id) END AS outcome
        FROM item AS i
        WHERE (SELECT coalesce(bool_and(fits), true) FROM place)
    ), operation AS (
        INSERT INTO {schema}.events_operation (id, performance_id, key, operation, digest, outcome)
            SELECT {schema}.nth_id_v1(v_first, 4 * n::integer + 3), p_performance, key, 'reserve',
                   digest, outcome
            FROM answer WHERE key IS NOT NULL AND NOT p_claimed ORDER BY key
    ), reservation AS (
        INSERT INTO {schema}.events_reservation (id, performance_id, reference, kind, status,
                expires_at, token_hash, customer, channel, reason)
            SELECT id, p_performance, reference, kind, 'reserved', expires_at, token_hash,
                   customer, channel, reason
            FROM granted
    ), line AS (
        INSERT INTO {schema}.events_reservationline (id, performance_id, reservation_id,
                allocation_id, ticket_type_id, quantity, unit_price, status)
            SELECT line_id, p_performance, id, place_id, ticket_type_id, quantity, price,
                   'reserved'
            FROM granted
    ), movement AS (
        INSERT INTO {schema}.events_movement (id, performance_id, allocation_id, reservation_id,
                from_state, to_state, quantity, operation, actor, reason, at)
            SELECT {schema}.nth_id_v1(v_first, 4 * n::integer + 2), p_performance, place_id,
                   id, 'available', 'reserved', quantity, 'reserve', actor, reason, p_now
            FROM granted
    )
    SELECT (SELECT jsonb_agg(outcome ORDER BY n) FROM answer),
           (SELECT array_agg(place_id ORDER BY place_id) FROM place),
           (SELECT array_agg(quantity ORDER BY place_id) FROM place)
        INTO answers, places, quantities;
END $$;
