-- Booked places without a seat, and where they go. A booking's breakdown says of which type they
-- are, after its named seats have taken theirs; what it does not say has none.
INSERT INTO m_size
SELECT x.u, x.s, x.type, sum(x.seats), sum(x.places) FROM (
    SELECT u, s, type, count(*) AS seats, 0 AS places FROM m_place WHERE is_winner GROUP BY u, s, type
    UNION ALL SELECT u, s, type, 0, places FROM m_part
) AS x GROUP BY x.u, x.s, x.type;

INSERT INTO m_unseated
WITH open AS (
    SELECT * FROM m_count WHERE lost + rest > 0
), place AS (
    SELECT booking_id, 0 AS lower, lost + rest AS upper FROM open
), taken AS (
    SELECT c.booking_id, p.type, count(*) AS places
        FROM m_claim AS c JOIN open USING (booking_id) JOIN m_place AS p ON p.id = c.seat_id
        GROUP BY c.booking_id, p.type
), kind AS (
    SELECT a.booking_id, a.type, min(a.n) AS n,
           greatest(sum(a.quantity) - coalesce(min(t.places), 0), 0) AS places
        FROM m_asked AS a JOIN open USING (booking_id)
        LEFT JOIN taken AS t ON t.booking_id = a.booking_id AND t.type IS NOT DISTINCT FROM a.type
        WHERE a.quantity > 0
        GROUP BY a.booking_id, a.type
), span AS (
    SELECT booking_id, type, upto - places AS lower, upto AS upper FROM (
        SELECT kind.*, sum(places) OVER (PARTITION BY booking_id ORDER BY n) AS upto FROM kind
    ) AS k
    UNION ALL
    SELECT o.booking_id, NULL, coalesce(sum(k.places), 0), 1000000000
        FROM open AS o LEFT JOIN kind AS k USING (booking_id) GROUP BY o.booking_id
), measured AS (
    SELECT z.u, z.s, z.type, m.seated AND NOT m.given AS by_seats,
           CASE WHEN m.seated AND NOT m.given THEN z.seats ELSE greatest(z.seats, z.places) END AS size
        FROM m_size AS z JOIN m_unit AS m ON m.u = z.u
), of_type AS (
    SELECT DISTINCT ON (u, type) u, type, s FROM measured
        WHERE type IS NOT NULL AND size > 0 ORDER BY u, type, size DESC, s
), of_none AS (
    SELECT DISTINCT ON (u) u, type, s FROM measured
        WHERE NOT by_seats AND size > 0 ORDER BY u, type IS NOT NULL, size DESC, s, type
)
SELECT o.u, o.booking_id, o.counts,
       row_number() OVER (PARTITION BY o.booking_id ORDER BY k.lower),
       coalesce(t.s, n.s, z.s), CASE WHEN t.s IS NOT NULL THEN t.type ELSE n.type END, k.type,
       least(p.upper, k.upper) - greatest(p.lower, k.lower), o.unit_price, o.at
    FROM open AS o
    JOIN place AS p USING (booking_id)
    JOIN span AS k ON k.booking_id = o.booking_id AND k.lower < p.upper AND k.upper > p.lower
    LEFT JOIN of_type AS t ON t.u = o.u AND t.type = k.type
    LEFT JOIN of_none AS n ON n.u = o.u
    CROSS JOIN (SELECT s FROM m_label WHERE label = 'Unseated') AS z;
