-- A booking costs what it cost: where the prices of its places do not add up to its total, those
-- without a price of their own share what is left; where that cannot be, all share the total.
-- Cents that do not divide go one each to the first places.
INSERT INTO m_share
WITH place AS (
    SELECT c.booking_id, c.price IS NOT NULL AS own, 1 AS quantity,
           coalesce(c.price, n.unit_price, p.price, x.base_price) AS price
        FROM m_claim AS c
        JOIN m_count AS n ON n.booking_id = c.booking_id
        JOIN m_place AS p ON p.id = c.seat_id
        JOIN m_place AS w ON w.id = p.winner_id
        JOIN m_section AS x ON x.u = w.u AND x.s = w.s
    UNION ALL
    SELECT t.booking_id, false, t.quantity, coalesce(t.price, a.final_price)
        FROM m_unseated AS t
        JOIN m_allocation AS a ON a.u = t.u AND a.s = t.s AND a.type IS NOT DISTINCT FROM t.type
), booked AS (
    SELECT p.booking_id, sum(p.quantity * p.price) AS amount, sum(p.quantity) AS places,
           coalesce(sum(p.quantity) FILTER (WHERE NOT p.own), 0) AS free,
           coalesce(sum(p.quantity * p.price) FILTER (WHERE p.own), 0) AS own
        FROM place AS p GROUP BY p.booking_id
), asked AS (
    SELECT d.*, b.total_price, d.free = 0 OR d.own > b.total_price AS all_share
        FROM booked AS d
        JOIN (SELECT id, pg_temp.m_price(total_price) AS total_price FROM m_booking) AS b
            ON b.id = d.booking_id
        WHERE b.total_price <> d.amount
)
SELECT a.booking_id, a.all_share, div(s.cents, s.places) / 100, mod(s.cents, s.places)::bigint,
       a.total_price, a.amount
    FROM asked AS a
    CROSS JOIN LATERAL (
        SELECT CASE WHEN a.all_share THEN a.total_price ELSE a.total_price - a.own END * 100 AS cents,
               CASE WHEN a.all_share THEN a.places ELSE a.free END AS places
    ) AS s;

UPDATE m_claim AS c SET price = k.each + CASE WHEN k.k <= k.rest THEN 0.01 ELSE 0 END
    FROM (
        SELECT c.booking_id, c.seat_id, s.each, s.rest,
               row_number() OVER (PARTITION BY c.booking_id ORDER BY c.n) AS k
            FROM m_claim AS c JOIN m_share AS s ON s.booking_id = c.booking_id
            WHERE s.all_share OR c.price IS NULL
    ) AS k
    WHERE c.booking_id = k.booking_id AND c.seat_id = k.seat_id;

-- Places without a seat come after those with one; a row whose places differ by the cent is two.
WITH shared AS (
    DELETE FROM m_unseated AS t USING m_share AS s WHERE s.booking_id = t.booking_id
    RETURNING t.*, s.each, s.rest, s.all_share
), placed AS (
    SELECT d.*, greatest(least(d.rest - coalesce(c.places, 0)
               - (sum(d.quantity) OVER (PARTITION BY d.booking_id ORDER BY d.n) - d.quantity),
               d.quantity), 0) AS dear
        FROM shared AS d
        LEFT JOIN (
            SELECT c.booking_id, count(*) AS places FROM m_claim AS c
                JOIN m_share AS s ON s.booking_id = c.booking_id
                WHERE s.all_share OR c.shared GROUP BY c.booking_id
        ) AS c ON c.booking_id = d.booking_id
)
INSERT INTO m_unseated
SELECT p.u, p.booking_id, p.counts, p.n * 2 + o.cheap, p.s, p.type, p.ticket_type,
       CASE o.cheap WHEN 0 THEN p.dear ELSE p.quantity - p.dear END,
       p.each + CASE o.cheap WHEN 0 THEN 0.01 ELSE 0 END, p.at
    FROM placed AS p CROSS JOIN (VALUES (0), (1)) AS o (cheap)
    WHERE CASE o.cheap WHEN 0 THEN p.dear ELSE p.quantity - p.dear END > 0;
