-- Inside the lock, of the units of m_batch: every booking that moved in Fullhouse stands over there in
-- its state, those that Fullhouse made with their places and their money, and no seat of them is
-- free. Read from the legacy tables themselves, not from what was about to be written. A row for each
-- that is not: what, performance, key, Fullhouse, legacy.
WITH moved AS MATERIALIZED (
    SELECT m.performance_id, m.reservation_id, bool_or(m.migration_run_id IS NOT NULL) AS taken_over
        FROM {schema}.events_movement AS m
        WHERE m.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
          AND m.reservation_id IS NOT NULL
        GROUP BY m.performance_id, m.reservation_id HAVING bool_or(m.migration_run_id IS NULL)
), line AS MATERIALIZED (
    SELECT l.performance_id, l.reservation_id, l.seat_id, l.status, l.quantity,
           l.quantity * l.unit_price / l.places_per_ticket AS amount, m.taken_over
        FROM {schema}.events_reservationline AS l
        JOIN moved AS m ON m.performance_id = l.performance_id
            AND m.reservation_id = l.reservation_id
        JOIN {schema}.events_reservation AS r
            ON r.performance_id = l.performance_id AND r.id = l.reservation_id AND r.kind NOT IN ('house', 'kill', 'channel')
        WHERE l.status IN ('reserved', 'sold')
), own AS (
    SELECT performance_id, reservation_id, bool_or(status = 'sold') AS is_sold, taken_over,
           sum(quantity) AS places, sum(amount) AS amount
        FROM line GROUP BY performance_id, reservation_id, taken_over
)
SELECT 'booking', o.performance_id::text, o.reservation_id::text,
       concat_ws(' ', CASE WHEN o.is_sold THEN 'sold' ELSE 'reserved' END, o.places, o.amount),
       concat_ws(' ', b.status, b.participants, b.total_price)
    FROM own AS o LEFT JOIN (SELECT * FROM src_booking
               WHERE performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))) AS b ON b.id = o.reservation_id
        AND b.performance_id = o.performance_id
    WHERE CASE WHEN b.id IS NULL THEN NOT o.taken_over
        ELSE o.is_sold <> (b.status IN ('confirmed', 'completed')) OR NOT o.is_sold AND b.status <> 'pending'
             OR NOT o.taken_over AND (b.participants, b.total_price) IS DISTINCT FROM
                (o.places, o.amount) END
UNION ALL
SELECT 'seat', l.performance_id::text, l.seat_id::text, l.status, s.status
    FROM line AS l LEFT JOIN src_seat AS s ON s.id = l.seat_id AND s.performance_id = l.performance_id
    WHERE l.seat_id IS NOT NULL AND s.status IS DISTINCT FROM l.status
ORDER BY 1, 2, 3 LIMIT 200;
