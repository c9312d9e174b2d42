-- What was written back is read again as the takeover reads it (want_*), and nothing that Fullhouse
-- sold or holds may be missing: every booking with its state, its places and its money; every taken
-- seat taken, every sold one sold. A row for each that is not: what, performance, key, Fullhouse, legacy.
WITH own AS (
    SELECT l.performance_id, l.reservation_id, min(l.status) AS status, sum(l.quantity) AS places,
           sum(l.quantity * l.unit_price) AS amount
        FROM {schema}.events_reservationline AS l
        JOIN {schema}.events_reservation AS r
            ON r.performance_id = l.performance_id AND r.id = l.reservation_id AND r.kind <> 'house'
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
), seat AS (
    SELECT coalesce(a.seat_id, w.id) AS id, w.status FROM want_seat AS w
        LEFT JOIN {schema}.capacity_migration_seatalias AS a
            ON a.performance_id = w.performance_id AND a.legacy_seat_id = w.id
)
SELECT 'booking', coalesce(o.performance_id, t.performance_id)::text,
       coalesce(o.reservation_id, t.reservation_id)::text,
       concat_ws(' ', o.status, o.places, o.amount), concat_ws(' ', t.status, t.places, t.amount)
    FROM own AS o FULL JOIN told AS t
        ON t.performance_id = o.performance_id AND t.reservation_id = o.reservation_id
    WHERE (o.status, o.places, o.amount) IS DISTINCT FROM (t.status, t.places, t.amount)
UNION ALL
SELECT 'seat', s.performance_id::text, s.id::text, s.status, w.status
    FROM {schema}.events_seat AS s LEFT JOIN seat AS w ON w.id = s.id
    WHERE s.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND s.status <> 'available' AND w.status IS DISTINCT FROM s.status
ORDER BY 1, 2, 3 LIMIT 200;
