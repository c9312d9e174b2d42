-- Only with the split `equal`: a section's places without seats that no type has are divided among
-- the event's types on offer: each has what is booked for it, then equal parts are filled up in
-- their order. Bookings that name no type take what is left over; nothing is overbooked by the split.
DELETE FROM m_split;
WITH pool AS (
    SELECT z.u, z.s, z.places, m.event_id FROM m_size AS z
        JOIN m_unit AS m ON m.u = z.u AND NOT m.seated AND NOT m.given
        WHERE z.type IS NULL AND z.places > 0
), share AS (
    SELECT p.u, p.s, p.places, t.id AS type, t.n, coalesce(b.booked, 0) AS booked, greatest(
               (p.places + o.places) / k.types
               + CASE WHEN t.n = 1 THEN (p.places + o.places) % k.types ELSE 0 END
               - coalesce(h.places, 0) - coalesce(b.booked, 0), 0) AS wants
        FROM pool AS p
        JOIN m_type AS t ON t.event_id = p.event_id AND t.is_active
        LEFT JOIN m_size AS h ON h.u = p.u AND h.s = p.s AND h.type = t.id
        LEFT JOIN (SELECT u, s, ticket_type, sum(quantity)::bigint AS booked FROM m_unseated
                   WHERE type IS NULL GROUP BY u, s, ticket_type) AS b
            ON b.u = p.u AND b.s = p.s AND b.ticket_type = t.id
        CROSS JOIN LATERAL (SELECT coalesce(sum(y.places), 0)::bigint AS places FROM m_size AS y
                            WHERE y.u = p.u AND y.s = p.s AND y.type IS NOT NULL) AS o
        CROSS JOIN LATERAL (SELECT count(*) AS types FROM m_type AS y
                            WHERE y.event_id = p.event_id AND y.is_active) AS k
), summed AS (
    SELECT h.*, sum(booked) OVER (PARTITION BY u, s)::bigint AS all_booked,
           sum(booked) OVER (PARTITION BY u, s ORDER BY n)::bigint AS booked_upto,
           sum(wants) OVER (PARTITION BY u, s ORDER BY n)::bigint AS wants_upto
        FROM share AS h
), filled AS (
    SELECT f.*, greatest(least(f.places - (f.booked_upto - f.booked), f.booked), 0) AS kept,
           greatest(least(f.places - f.all_booked - (f.wants_upto - f.wants), f.wants), 0) AS free
        FROM summed AS f
), sized AS (
    INSERT INTO m_size SELECT u, s, type, 0, kept + free FROM filled
)
INSERT INTO m_split
SELECT u, s, type, sum(free) OVER w - free,
       CASE WHEN n = max(n) OVER (PARTITION BY u, s) THEN 1000000000 ELSE sum(free) OVER w END
    FROM filled WINDOW w AS (PARTITION BY u, s ORDER BY n);

DELETE FROM m_size AS z USING m_split AS t WHERE t.u = z.u AND t.s = z.s AND z.type IS NULL;
UPDATE m_unseated AS t SET type = t.ticket_type
    FROM m_split AS x
    WHERE x.u = t.u AND x.s = t.s AND t.type IS NULL AND x.type = t.ticket_type;
WITH taken AS (
    DELETE FROM m_unseated AS t USING (SELECT DISTINCT u, s FROM m_split) AS x
        WHERE x.u = t.u AND x.s = t.s AND t.type IS NULL RETURNING t.*
), queue AS (
    SELECT t.*, sum(t.quantity) OVER (PARTITION BY t.u, t.s
               ORDER BY t.counts DESC, t.at, t.booking_id, t.n) AS upto
        FROM taken AS t
)
INSERT INTO m_unseated
SELECT q.u, q.booking_id, q.counts, q.n * 1000 + row_number() OVER (
           PARTITION BY q.booking_id, q.n ORDER BY x.lower),
       q.s, x.type, q.ticket_type,
       least(q.upto, x.upper) - greatest(q.upto - q.quantity, x.lower), q.price, q.at
    FROM queue AS q
    JOIN m_split AS x ON x.u = q.u AND x.s = q.s
        AND x.lower < q.upto AND x.upper > q.upto - q.quantity;
