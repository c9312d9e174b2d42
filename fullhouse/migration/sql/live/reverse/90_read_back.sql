-- What was written back is read again as the takeover reads it (want_*), and nothing that Fullhouse
-- sold or holds may be missing: every booking with its state, its places and its money; every taken
-- seat taken, every sold one sold. A row for each that is not: what, performance, key, Fullhouse, legacy.
-- One difference is none: a seat that was sold twice over there, whose first buyer was refunded here and
-- that was then held anew, reads as sold to the second buyer, whose overbooked place here is of this
-- very seat. Both bookings stand on both sides; live/over/cannot_hold.sql names it as `second_sale`.
WITH own AS (
    SELECT l.performance_id, l.reservation_id, min(l.status) AS status, sum(l.quantity) AS places,
           sum(l.quantity * l.unit_price / l.places_per_ticket) AS amount
        FROM {schema}.events_reservationline AS l
        JOIN {schema}.events_reservation AS r
            ON r.performance_id = l.performance_id AND r.id = l.reservation_id AND r.kind NOT IN ('house', 'kill', 'channel')
        WHERE l.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
          AND l.status IN ('reserved', 'sold')
          AND (EXISTS (SELECT FROM src_booking AS b WHERE b.id = r.id
                       AND b.performance_id = r.performance_id)
               OR NOT EXISTS (SELECT FROM {schema}.events_movement AS m
                              WHERE m.performance_id = r.performance_id AND m.reservation_id = r.id
                                AND m.migration_run_id IS NOT NULL))
        GROUP BY l.performance_id, l.reservation_id
), told AS (
    SELECT w.performance_id, w.reservation_id, min(w.status) AS status, sum(w.quantity) AS places,
           sum(w.quantity * w.unit_price) AS amount
        FROM want_line AS w
        WHERE EXISTS (SELECT FROM m_booking AS b WHERE b.id = w.reservation_id)
        GROUP BY w.performance_id, w.reservation_id
), row_of AS (
    SELECT s.id AS row_id, s.performance_id, coalesce(a.seat_id, s.id) AS seat_id
        FROM src_seat AS s LEFT JOIN {schema}.capacity_migration_seatalias AS a
            ON a.performance_id = s.performance_id AND a.legacy_seat_id = s.id
        WHERE s.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
), seat AS (
    SELECT r.seat_id AS id, w.id AS row_id, w.status FROM want_seat AS w
        JOIN row_of AS r ON r.row_id = w.id
), unlike AS (
    SELECT s.performance_id, s.id, s.status AS own, w.status AS told, w.row_id
        FROM {schema}.events_seat AS s LEFT JOIN seat AS w ON w.id = s.id
        WHERE s.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
          AND s.status <> 'available' AND w.status IS DISTINCT FROM s.status
), second_sale AS (
    SELECT u.id FROM unlike AS u
        JOIN want_line AS w ON w.seat_id = u.row_id AND w.status = 'sold'
        JOIN {schema}.events_reservationline AS o ON o.performance_id = u.performance_id
            AND o.reservation_id = w.reservation_id AND o.overbooked AND o.status = 'sold'
        JOIN row_of AS r ON r.performance_id = u.performance_id AND r.seat_id = u.id
            AND o.id IN (r.row_id, pg_temp.m_id(o.reservation_id, r.row_id::text))
        WHERE u.own = 'reserved'
)
SELECT 'booking', coalesce(o.performance_id, t.performance_id)::text,
       coalesce(o.reservation_id, t.reservation_id)::text,
       concat_ws(' ', o.status, o.places, o.amount), concat_ws(' ', t.status, t.places, t.amount)
    FROM own AS o FULL JOIN told AS t
        ON t.performance_id = o.performance_id AND t.reservation_id = o.reservation_id
    WHERE (o.status, o.places, o.amount) IS DISTINCT FROM (t.status, t.places, t.amount)
UNION ALL
SELECT 'seat', u.performance_id::text, u.id::text, u.own, u.told
    FROM unlike AS u WHERE u.id NOT IN (SELECT id FROM second_sale)
ORDER BY 1, 2, 3 LIMIT 200;
