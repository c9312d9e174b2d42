-- repair_reservations_v1: a reservation gets the status of its live lines where they are of one, and
-- that of its ended lines where none is live and they are of one. The lines are left as they are.
-- Returns its steps. Called with the performance locked whole, after the ledger was mended; one whose
-- lines the ledger contradicts is left.
CREATE FUNCTION {schema}.repair_reservations_v1(p_performance uuid) RETURNS jsonb
LANGUAGE sql AS $$
    WITH line AS MATERIALIZED (
        SELECT l.reservation_id,
               array_agg(DISTINCT l.status) FILTER (WHERE l.status IN ('reserved', 'sold')) AS live,
               array_agg(DISTINCT l.status) FILTER (
                   WHERE l.status NOT IN ('reserved', 'sold')) AS ended
        FROM {schema}.events_reservationline AS l
        WHERE l.performance_id = p_performance GROUP BY l.reservation_id
    ), wanted AS MATERIALIZED (
        SELECT r.id, r.status AS before, coalesce(
                   l.live[1], CASE WHEN cardinality(l.ended) = 1 THEN l.ended[1] END) AS after
        FROM {schema}.events_reservation AS r
        JOIN line AS l ON l.reservation_id = r.id
        WHERE r.performance_id = p_performance AND coalesce(cardinality(l.live), 0) <= 1
          AND (l.live IS NOT NULL OR r.status IN ('reserved', 'sold'))
          AND r.id NOT IN (
              SELECT d.reservation_id FROM {schema}.repair_differences_v1(p_performance) AS d
              WHERE d.reservation_id IS NOT NULL)
    ), mended AS (
        UPDATE {schema}.events_reservation AS r SET status = w.after FROM wanted AS w
            WHERE r.performance_id = p_performance AND r.id = w.id AND w.after <> w.before
            RETURNING r.id, w.before, w.after
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('rule', 'I6', 'table', 'events_reservation',
               'id', m.id, 'before', jsonb_build_object('status', m.before),
               'after', jsonb_build_object('status', m.after)) ORDER BY m.id), '[]')
    FROM mended AS m
$$;
