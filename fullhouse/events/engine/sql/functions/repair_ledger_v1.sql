-- repair_ledger_v1: where the counters of an allocation are those of its live lines and the ledger is
-- not, the ledger is mended: correcting movements `repair`, through available, so that it folds to the
-- counters again; of a numbered seat one place each, as every movement of a seat is. An allocation
-- with one difference that is not certain is left as it is.
-- Returns its steps. Called with the performance locked whole.
CREATE FUNCTION {schema}.repair_ledger_v1(p_performance uuid, p_actor text, p_reason text)
RETURNS jsonb
LANGUAGE sql AS $$
    WITH difference AS MATERIALIZED (
        SELECT * FROM {schema}.repair_differences_v1(p_performance)
    ), counted AS MATERIALIZED (
        SELECT l.allocation_id,
               coalesce(sum(l.quantity) FILTER (WHERE l.status = 'reserved'), 0) AS reserved,
               coalesce(sum(l.quantity) FILTER (WHERE l.status = 'sold'), 0) AS sold
        FROM {schema}.events_reservationline AS l
        WHERE l.performance_id = p_performance GROUP BY l.allocation_id
    ), allocation AS MATERIALIZED (
        SELECT a.id, a.available_capacity AS available, sum(d.reserved + d.sold) AS taken
        FROM difference AS d
        JOIN {schema}.events_sectiontickettype AS a
            ON a.performance_id = p_performance AND a.id = d.allocation_id
        LEFT JOIN counted AS c ON c.allocation_id = a.id
        WHERE (a.reserved_capacity, a.sold_capacity)
              = (coalesce(c.reserved, 0), coalesce(c.sold, 0))
        GROUP BY a.id, a.available_capacity HAVING bool_and(d.certain)
    ), correction AS (
        SELECT d.allocation_id, d.reservation_id, d.seat_id, v.state, v.places
        FROM difference AS d JOIN allocation AS a ON a.id = d.allocation_id
        CROSS JOIN LATERAL (VALUES ('reserved', d.reserved), ('sold', d.sold)) AS v (state, places)
        WHERE v.places <> 0
        UNION ALL
        SELECT a.id, NULL, NULL, NULL, a.available - (g.available - a.taken)
        FROM allocation AS a
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(m.quantity * ((m.to_state IS NOT DISTINCT FROM 'available')::integer
                       - (m.from_state IS NOT DISTINCT FROM 'available')::integer)), 0) AS available
            FROM {schema}.events_movement AS m
            WHERE m.performance_id = p_performance AND m.allocation_id = a.id) AS g
        WHERE a.available <> g.available - a.taken
    ), written AS (
        INSERT INTO {schema}.events_movement
                (id, performance_id, allocation_id, seat_id, reservation_id, from_state, to_state,
                 quantity, operation, actor, reason, at)
            SELECT {schema}.uuid7(), p_performance, c.allocation_id, c.seat_id, c.reservation_id,
                   CASE WHEN c.state IS NULL AND c.places > 0 THEN NULL
                        WHEN c.state IS NULL OR c.places > 0 THEN 'available' ELSE c.state END,
                   CASE WHEN c.state IS NULL AND c.places < 0 THEN NULL
                        WHEN c.state IS NULL OR c.places < 0 THEN 'available' ELSE c.state END,
                   CASE WHEN c.seat_id IS NULL THEN abs(c.places) ELSE 1 END, 'repair', p_actor,
                   p_reason, (SELECT clock_timestamp())
            FROM correction AS c
            CROSS JOIN generate_series(
                1, CASE WHEN c.seat_id IS NULL THEN 1 ELSE abs(c.places) END)
            RETURNING allocation_id, seat_id, reservation_id, from_state, to_state, quantity
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('rule', 'I6', 'table', 'events_movement',
               'id', w.allocation_id, 'before', '{}'::jsonb, 'after', jsonb_build_object(
                   'allocation_id', w.allocation_id, 'seat_id', w.seat_id,
                   'reservation_id', w.reservation_id, 'from_state', w.from_state,
                   'to_state', w.to_state, 'quantity', w.quantity))
               ORDER BY w.allocation_id, w.reservation_id, w.seat_id, w.from_state, w.to_state),
           '[]')
    FROM written AS w
$$;
