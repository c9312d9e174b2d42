-- reserve_seat_run_v1: named seats for many buyers of a batch in one go.
--
-- p_numbers: which of p_requests, sorted; see seat_items_v1. A request is granted here if all its seats
-- are plain and free, no request before it in the batch names one of them and none has its reference;
-- it is refused here if it is plain and a seat is taken, from the start or by one that is granted here
-- before it. What becomes of any other hangs on one that is not decided here: it is left to the
-- caller, afterwards. So the outcomes are those of one after another.
-- The caller has locked seats and allocations, claimed the keys and keeps the answers, and knows that
-- no overdue hold is in the way.
-- Answers {number: an outcome of reserve_v1} of those decided.
-- SQLSTATE 23505: a reference is taken, FH001: a seat is not free; the caller rolls back.
CREATE FUNCTION {schema}.reserve_seat_run_v1(
    p_performance uuid, p_requests jsonb, p_numbers bigint[]
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_first uuid := {schema}.uuid7();
    v_run record;
BEGIN
    WITH item AS MATERIALIZED (
        SELECT i.*, row_number() OVER (ORDER BY i.n, i.at)::integer AS place,
               min(i.n) OVER (PARTITION BY i.seat_id) AS first_n
        FROM {schema}.seat_items_v1(p_performance, p_requests, p_numbers) AS i
    ), request AS MATERIALIZED (
        SELECT n, bool_and(plain) AND min(currency) = max(currency) AS plain,
               bool_and(free AND first_n = n) AS first, min(place) AS place,
               min(currency) AS currency, sum(price) AS total
        FROM item GROUP BY n
    ), asked AS MATERIALIZED (
        SELECT b.*, count(*) OVER (PARTITION BY b.reference) = 1 AS sole_reference
        FROM {schema}.batch_items_v1(p_requests) AS b
    ), winner AS MATERIALIZED (
        SELECT b.*, r.currency, r.total, {schema}.nth_id_v1(v_first, 3 * r.place) AS id,
               v_now + make_interval(secs => b.ttl_seconds) AS expires_at
        FROM request AS r JOIN asked AS b ON b.n = r.n
        WHERE r.plain AND r.first AND b.sole_reference
    ), held AS MATERIALIZED (
        SELECT i.*, w.id AS reservation_id, {schema}.nth_id_v1(v_first, 3 * i.place + 1) AS line_id,
               w.actor, w.reason
        FROM item AS i JOIN winner AS w ON w.n = i.n
    ), seat AS (
        UPDATE {schema}.events_seat SET status = 'reserved'
            WHERE performance_id = p_performance AND id IN (SELECT seat_id FROM held)
              AND status = 'available'
            RETURNING id
    ), reservation AS (
        INSERT INTO {schema}.events_reservation (id, performance_id, reference, kind, status,
                expires_at, token_hash, customer, channel, reason)
            SELECT id, p_performance, reference, kind, 'reserved', expires_at, token_hash,
                   customer, channel, reason
            FROM winner
    ), line AS (
        INSERT INTO {schema}.events_reservationline (id, performance_id, reservation_id,
                allocation_id, ticket_type_id, seat_id, quantity, unit_price, status)
            SELECT line_id, p_performance, reservation_id, allocation_id, ticket_type_id, seat_id,
                   1, price, 'reserved'
            FROM held
    ), movement AS (
        INSERT INTO {schema}.events_movement (id, performance_id, allocation_id, seat_id,
                reservation_id, from_state, to_state, quantity, operation, actor, reason, at)
            SELECT {schema}.nth_id_v1(v_first, 3 * place + 2), p_performance, allocation_id, seat_id,
                   reservation_id, 'available', 'reserved', 1, 'reserve', actor, reason, v_now
            FROM held
    ), answer AS (
        SELECT w.n, jsonb_build_object('outcome', 'granted', 'reservation_id', w.id,
                'reference', w.reference, 'expires_at', w.expires_at, 'currency', w.currency,
                'total', w.total::text,
                'lines', jsonb_agg(jsonb_build_object(
                    'id', h.line_id, 'allocation_id', h.allocation_id,
                    'ticket_type_id', h.ticket_type_id, 'seat_id', h.seat_id, 'quantity', 1,
                    'places_per_ticket', 1, 'unit_price', h.price::text) ORDER BY h.at)) AS outcome
        FROM winner AS w JOIN held AS h ON h.n = w.n
        GROUP BY w.n, w.id, w.reference, w.expires_at, w.currency, w.total
        UNION ALL
        SELECT i.n, jsonb_build_object('outcome', 'seat_taken',
                'seat_ids', jsonb_agg(i.seat_id ORDER BY i.at),
                'seats', jsonb_agg(i.seat_label ORDER BY i.at))
        FROM item AS i JOIN request AS r ON r.n = i.n
        WHERE r.plain AND (NOT i.free
            OR i.first_n < i.n AND i.first_n IN (SELECT w.n FROM winner AS w))
        GROUP BY i.n
    )
    SELECT (SELECT coalesce(jsonb_object_agg(n, outcome), '{}') FROM answer) AS answers,
           (SELECT count(*) FROM held) = (SELECT count(*) FROM seat) AS whole,
           s.allocations, s.quantities
        INTO v_run
        FROM (SELECT array_agg(a.id ORDER BY a.id) AS allocations,
                     array_agg(a.quantity ORDER BY a.id) AS quantities
              FROM (SELECT allocation_id AS id, count(*)::integer AS quantity
                    FROM held GROUP BY allocation_id) AS a) AS s;
    IF NOT v_run.whole THEN
        RAISE EXCEPTION 'a locked seat is not free after all' USING ERRCODE = 'FH001';
    END IF;
    FOR v_at IN 1..coalesce(cardinality(v_run.allocations), 0) LOOP
        UPDATE {schema}.events_sectiontickettype
            SET available_capacity = available_capacity - v_run.quantities[v_at],
                reserved_capacity = reserved_capacity + v_run.quantities[v_at]
            WHERE performance_id = p_performance AND id = v_run.allocations[v_at];
    END LOOP;
    RETURN v_run.answers;
END $$;
