-- Who has which places. A seat has one line; whoever else was promised it has an overbooked place.
INSERT INTO m_line
WITH seat AS (
    SELECT p.*, a.id AS allocation_id, coalesce(p.price, x.base_price) AS effective, x.key,
           m.performance_id
        FROM m_place AS p
        JOIN m_unit AS m ON m.u = p.u
        JOIN m_section AS x ON x.u = p.u AND x.s = p.s
        JOIN m_allocation AS a ON a.u = p.u AND a.s = p.s AND a.type IS NOT DISTINCT FROM p.type
        WHERE p.is_winner AND p.standing < 5
), kinds (standing, kind, status, reason) AS (
    VALUES (1, 'sale', 'sold', 'sold without a booking'),
           (3, 'legacy', 'reserved', 'reserved without a booking'), (4, 'house', 'reserved', NULL)
)
SELECT p.u, p.id, coalesce(p.holder,
           pg_temp.m_id(p.performance_id, p.key || ':' || k.kind || ':' || coalesce(p.reason, ''))),
       p.s, p.type, p.allocation_id, coalesce(p.type, n.only_type), p.id, 1,
       coalesce(c.price, CASE WHEN c.seat_id IS NOT NULL THEN n.unit_price END, p.effective),
       coalesce(c.counts, k.status), false, CASE WHEN p.holder IS NULL THEN k.kind END,
       coalesce(p.reason, k.reason), p.holder, coalesce(c.at, p.created_at)
    FROM seat AS p
    LEFT JOIN kinds AS k ON k.standing = p.standing
    LEFT JOIN m_claim AS c ON c.booking_id = p.holder AND c.seat_id = p.id
    LEFT JOIN m_count AS n ON n.booking_id = p.holder;

-- A second sale or hold of a seat: by another booking, or by a row that was the same seat and sold.
INSERT INTO m_line
WITH again AS (
    SELECT p.winner_id, c.booking_id, c.counts, coalesce(c.price, n.unit_price, p.price) AS price,
           c.at, n.only_type,
           pg_temp.m_id(c.booking_id, c.seat_id::text) AS id
        FROM m_claim AS c
        JOIN m_place AS p ON p.id = c.seat_id
        JOIN m_count AS n ON n.booking_id = c.booking_id
        WHERE NOT p.is_winner OR p.holder IS DISTINCT FROM c.booking_id
    UNION ALL
    SELECT p.winner_id, NULL, 'sold', p.price, p.created_at, NULL, p.id
        FROM m_place AS p
        WHERE p.standing = 1 AND NOT p.is_winner AND p.holder IS NULL
)
SELECT w.u, g.id, coalesce(g.booking_id, pg_temp.m_id(m.performance_id, x.key || ':sale:')),
       w.s, w.type, a.id, coalesce(w.type, g.only_type), NULL, 1,
       coalesce(g.price, x.base_price), g.counts, true,
       CASE WHEN g.booking_id IS NULL THEN 'sale' END, 'sold without a booking', g.booking_id, g.at
    FROM again AS g
    JOIN m_place AS w ON w.id = g.winner_id
    JOIN m_unit AS m ON m.u = w.u
    JOIN m_section AS x ON x.u = w.u AND x.s = w.s
    JOIN m_allocation AS a ON a.u = w.u AND a.s = w.s AND a.type IS NOT DISTINCT FROM w.type;

-- Booked places without a seat take what the allocation has without one, sales first, then in the
-- order of booking; what is beyond is overbooked, and the allocation grows by it.
INSERT INTO m_line
WITH queue AS (
    SELECT t.*, a.id AS allocation_id, a.final_price, a.places - a.seats AS free,
           sum(t.quantity) OVER (PARTITION BY a.id
               ORDER BY t.counts DESC, t.at, t.booking_id, t.n) - t.quantity AS before
        FROM m_unseated AS t
        JOIN m_allocation AS a ON a.u = t.u AND a.s = t.s AND a.type IS NOT DISTINCT FROM t.type
), parted AS (
    SELECT q.*, o.overbooked, CASE WHEN o.overbooked
               THEN q.quantity - greatest(least(q.free - q.before, q.quantity), 0)
               ELSE greatest(least(q.free - q.before, q.quantity), 0) END AS places
        FROM queue AS q CROSS JOIN (VALUES (false), (true)) AS o (overbooked)
)
SELECT d.u, pg_temp.m_id(d.booking_id, 'unseated:' || d.n || ':' || d.overbooked), d.booking_id,
       d.s, d.type, d.allocation_id, coalesce(d.ticket_type, d.type), NULL, d.places,
       coalesce(d.price, d.final_price), d.counts, d.overbooked, NULL, NULL, d.booking_id, d.at
    FROM parted AS d WHERE d.places > 0;
