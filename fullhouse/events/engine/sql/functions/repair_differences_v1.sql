-- repair_differences_v1(performance) -> where live lines and the ledger differ: per allocation,
-- reservation and seat how many reserved and sold places the lines have more (below 0: fewer).
-- `certain`: the lines can be right alone. Places that only the ledger has are explained by an ended
-- line, or have no reservation, and so are no sale that would be dropped; a seat's status is that of
-- its line. Reads only; called with the performance locked whole.
CREATE FUNCTION {schema}.repair_differences_v1(p_performance uuid)
RETURNS TABLE (
    allocation_id uuid, reservation_id uuid, seat_id uuid, reserved bigint, sold bigint,
    certain boolean
)
LANGUAGE sql STABLE AS $$
    WITH ledger AS MATERIALIZED (
        SELECT m.allocation_id, m.reservation_id, m.seat_id,
               sum(m.quantity * ((m.to_state IS NOT DISTINCT FROM 'reserved')::integer
                   - (m.from_state IS NOT DISTINCT FROM 'reserved')::integer)) AS reserved,
               sum(m.quantity * ((m.to_state IS NOT DISTINCT FROM 'sold')::integer
                   - (m.from_state IS NOT DISTINCT FROM 'sold')::integer)) AS sold
        FROM {schema}.events_movement AS m
        WHERE m.performance_id = p_performance GROUP BY 1, 2, 3
    ), line AS MATERIALIZED (
        SELECT l.allocation_id, l.reservation_id, l.seat_id,
               coalesce(sum(l.quantity) FILTER (WHERE l.status = 'reserved'), 0) AS reserved,
               coalesce(sum(l.quantity) FILTER (WHERE l.status = 'sold'), 0) AS sold,
               coalesce(sum(l.quantity) FILTER (
                   WHERE l.status NOT IN ('reserved', 'sold')), 0) AS ended
        FROM {schema}.events_reservationline AS l
        WHERE l.performance_id = p_performance GROUP BY 1, 2, 3
    ), both_sides AS (
        SELECT coalesce(l.allocation_id, g.allocation_id) AS allocation_id,
               coalesce(l.reservation_id, g.reservation_id) AS reservation_id,
               coalesce(l.seat_id, g.seat_id) AS seat_id,
               coalesce(l.reserved, 0) AS line_reserved, coalesce(l.sold, 0) AS line_sold,
               coalesce(l.ended, 0) AS ended, coalesce(g.reserved, 0) AS ledger_reserved,
               coalesce(g.sold, 0) AS ledger_sold,
               sum(coalesce(l.reserved, 0)) OVER seat AS seat_reserved,
               sum(coalesce(l.sold, 0)) OVER seat AS seat_sold
        FROM ledger AS g
        FULL JOIN line AS l
            ON l.allocation_id = g.allocation_id
           AND coalesce(l.reservation_id::text, '') = coalesce(g.reservation_id::text, '')
           AND coalesce(l.seat_id::text, '') = coalesce(g.seat_id::text, '')
        WINDOW seat AS (PARTITION BY coalesce(l.seat_id, g.seat_id))
    )
    SELECT b.allocation_id, b.reservation_id, b.seat_id, b.line_reserved - b.ledger_reserved,
           b.line_sold - b.ledger_sold,
           (b.reservation_id IS NULL
               OR b.ledger_reserved + b.ledger_sold <= b.line_reserved + b.line_sold + b.ended)
           AND (b.seat_id IS NULL OR EXISTS (
               SELECT FROM {schema}.events_seat AS s
               WHERE s.performance_id = p_performance AND s.id = b.seat_id
                 AND (s.status = 'reserved', s.status = 'sold')
                     = (b.seat_reserved > 0, b.seat_sold > 0)))
    FROM both_sides AS b
    WHERE (b.line_reserved, b.line_sold) <> (b.ledger_reserved, b.ledger_sold)
$$;
