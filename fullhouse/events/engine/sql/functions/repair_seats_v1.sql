-- repair_seats_v1: a seat gets the status of its one live line, or available, where the ledger says
-- the same. A seat in two live lines is left. Returns its steps. Called with the performance locked
-- whole, after the ledger was mended.
CREATE FUNCTION {schema}.repair_seats_v1(p_performance uuid) RETURNS jsonb
LANGUAGE sql AS $$
    WITH line AS MATERIALIZED (
        SELECT l.seat_id, count(*) AS lines, min(l.status) AS status,
               bool_and(l.allocation_id = s.allocation_id) AS at_home
        FROM {schema}.events_reservationline AS l
        JOIN {schema}.events_seat AS s ON s.performance_id = p_performance AND s.id = l.seat_id
        WHERE l.performance_id = p_performance AND l.status IN ('reserved', 'sold')
        GROUP BY l.seat_id
    ), ledger AS MATERIALIZED (
        SELECT m.seat_id,
               sum((m.to_state IS NOT DISTINCT FROM 'reserved')::integer
                   - (m.from_state IS NOT DISTINCT FROM 'reserved')::integer) AS reserved,
               sum((m.to_state IS NOT DISTINCT FROM 'sold')::integer
                   - (m.from_state IS NOT DISTINCT FROM 'sold')::integer) AS sold
        FROM {schema}.events_movement AS m
        WHERE m.performance_id = p_performance AND m.seat_id IS NOT NULL GROUP BY m.seat_id
    ), wrong AS MATERIALIZED (
        SELECT s.id, s.status AS before, coalesce(l.status, 'available') AS after
        FROM {schema}.events_seat AS s
        LEFT JOIN line AS l ON l.seat_id = s.id
        LEFT JOIN ledger AS g ON g.seat_id = s.id
        WHERE s.performance_id = p_performance AND s.status <> coalesce(l.status, 'available')
          AND coalesce(l.lines, 0) <= 1 AND coalesce(l.at_home, true)
          AND (coalesce(g.reserved, 0), coalesce(g.sold, 0))
              = ((l.status IS NOT DISTINCT FROM 'reserved')::integer,
                 (l.status IS NOT DISTINCT FROM 'sold')::integer)
    ), mended AS (
        UPDATE {schema}.events_seat AS s SET status = w.after FROM wrong AS w
            WHERE s.performance_id = p_performance AND s.id = w.id
            RETURNING s.id, w.before, w.after
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('rule', 'I5', 'table', 'events_seat', 'id', m.id,
               'before', jsonb_build_object('status', m.before),
               'after', jsonb_build_object('status', m.after)) ORDER BY m.id), '[]')
    FROM mended AS m
$$;
