-- Only with the split `equal`: a section's seats that no type has are divided among the event's types
-- on offer, in equal parts of the section, the remainder to the first; never below the seats that
-- name a type. A type that has more than its part keeps it; the others are filled up in their order.
WITH pool AS (
    SELECT p.u, p.s, count(*) AS places FROM m_place AS p JOIN m_unit AS m ON m.u = p.u AND NOT m.given
        WHERE p.is_winner AND p.type IS NULL GROUP BY p.u, p.s
), typed AS (
    SELECT u, s, type, count(*) AS places FROM m_place
        WHERE is_winner AND type IS NOT NULL GROUP BY u, s, type
), share AS (
    SELECT p.u, p.s, t.id AS type, t.n, p.places, greatest(
               (p.places + z.places) / k.types
               + CASE WHEN t.n = 1 THEN (p.places + z.places) % k.types ELSE 0 END
               - coalesce(d.places, 0), 0) AS wants
        FROM pool AS p
        JOIN m_unit AS m ON m.u = p.u
        JOIN m_type AS t ON t.event_id = m.event_id AND t.is_active
        LEFT JOIN typed AS d ON d.u = p.u AND d.s = p.s AND d.type = t.id
        CROSS JOIN LATERAL (SELECT coalesce(sum(y.places), 0)::bigint AS places FROM typed AS y
                            WHERE y.u = p.u AND y.s = p.s) AS z
        CROSS JOIN LATERAL (SELECT count(*) AS types FROM m_type AS y
                            WHERE y.event_id = m.event_id AND y.is_active) AS k
)
INSERT INTO m_split
SELECT f.u, f.s, f.type, f.upto - f.wants, least(f.upto, f.places)
    FROM (SELECT h.*, sum(h.wants) OVER (PARTITION BY h.u, h.s ORDER BY h.n)::bigint AS upto
          FROM share AS h) AS f
    WHERE f.wants > 0 AND f.upto - f.wants < f.places;

UPDATE m_place AS p SET type = x.type
    FROM (
        SELECT o.id, t.type FROM (
            SELECT u, s, id, row_number() OVER (
                       PARTITION BY u, s ORDER BY row_rank, seat_rank, id) - 1 AS k
                FROM m_place WHERE is_winner AND type IS NULL
        ) AS o JOIN m_split AS t ON t.u = o.u AND t.s = o.s AND o.k >= t.lower AND o.k < t.upper
    ) AS x
    WHERE p.id = x.id;
