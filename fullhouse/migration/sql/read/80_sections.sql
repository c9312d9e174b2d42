-- The sections: shown name, currency, base price.
INSERT INTO m_section
WITH section AS (
    SELECT u, s FROM m_size UNION SELECT u, s FROM m_unseated
), currency AS (
    SELECT DISTINCT ON (u, s) u, s, currency FROM m_place
        WHERE is_winner AND currency IS NOT NULL
        GROUP BY u, s, currency ORDER BY u, s, count(*) DESC, currency
), unit_currency AS (
    SELECT DISTINCT ON (u) u, currency FROM m_place
        WHERE is_winner AND currency IS NOT NULL
        GROUP BY u, currency ORDER BY u, count(*) DESC, currency
), price AS (
    SELECT u, s, type, price, count(*) AS seats FROM m_place
        WHERE is_winner AND price IS NOT NULL GROUP BY u, s, type, price
), base AS (
    -- The pool's commonest price first: what is sold from it without a type costs the base price.
    SELECT DISTINCT ON (u, s) u, s, price FROM (
        SELECT u, s, type IS NULL AS pool, price, sum(seats) AS seats FROM price
            WHERE type IS NULL GROUP BY u, s, type, price
        UNION ALL
        SELECT u, s, false, price, sum(seats) FROM price GROUP BY u, s, price
    ) AS x ORDER BY u, s, price > 0 DESC, pool DESC, seats DESC, price
), type_price AS (
    SELECT x.u, x.s, (array_agg(t.price ORDER BY t.price > 0 DESC, t.price))[1] AS price
        FROM (SELECT u, s, type FROM m_size UNION SELECT u, s, type FROM m_unseated) AS x
        JOIN m_type AS t ON t.id = x.type
        WHERE t.price IS NOT NULL GROUP BY x.u, x.s
), spelled AS (
    SELECT DISTINCT ON (u, s_to) u, s_to AS s, clean FROM (
        SELECT p.u, coalesce(o.s_to, p.s) AS s_to, l.clean,
               coalesce(sum(p.seats) FILTER (WHERE p.label = l.clean), 0) AS clean_seats,
               sum(p.seats) AS seats
            FROM m_spelling AS p JOIN m_label AS l USING (label)
            LEFT JOIN m_read_as AS o ON o.u = p.u AND o.s = p.s
            WHERE l.key <> ''
            GROUP BY p.u, coalesce(o.s_to, p.s), l.clean
    ) AS x ORDER BY u, s_to, clean_seats DESC, seats DESC, clean COLLATE "C"
), given AS (
    SELECT m.u, l.s, g.name, g.base_price, g.position
        FROM m_unit AS m JOIN m_given_section AS g USING (performance_id)
        JOIN m_label AS l ON l.label = g.name
), typed AS (
    SELECT DISTINCT ON (m.u, l.s) m.u, l.s, t.name
        FROM m_unit AS m JOIN m_type AS t USING (event_id) JOIN m_label AS l ON l.label = t.name
        WHERE NOT m.seated ORDER BY m.u, l.s, t.name COLLATE "C"
), label AS (
    SELECT s, min(key) AS key, min(clean COLLATE "C") AS clean FROM m_label GROUP BY s
)
SELECT x.u, x.s, pg_temp.m_id(m.performance_id, l.key), l.key,
       coalesce(g.name, w.clean, t.name, nullif(l.clean, '')),
       coalesce(c.currency, uc.currency, m.currency),
       coalesce(g.base_price, b.price, y.price, 100.00),
       CASE WHEN g.base_price IS NOT NULL THEN 'given' WHEN b.price IS NOT NULL THEN 'seats'
            WHEN y.price IS NOT NULL THEN 'types' ELSE 'default' END,
       row_number() OVER (PARTITION BY x.u ORDER BY g.position NULLS LAST, l.key = 'unseated', x.s)
    FROM section AS x
    JOIN m_unit AS m ON m.u = x.u
    JOIN label AS l ON l.s = x.s
    LEFT JOIN given AS g ON g.u = x.u AND g.s = x.s
    LEFT JOIN spelled AS w ON w.u = x.u AND w.s = x.s
    LEFT JOIN typed AS t ON t.u = x.u AND t.s = x.s
    LEFT JOIN currency AS c ON c.u = x.u AND c.s = x.s
    LEFT JOIN unit_currency AS uc ON uc.u = x.u
    LEFT JOIN base AS b ON b.u = x.u AND b.s = x.s
    LEFT JOIN type_price AS y ON y.u = x.u AND y.s = x.s;

-- All blank names are one section, shown as "Section", or "Section 2" where that name is taken.
UPDATE m_section AS x SET name = (
        SELECT 'Section' || CASE WHEN k > 1 THEN ' ' || k ELSE '' END
        FROM generate_series(1, 1000) AS k
        WHERE NOT EXISTS (SELECT FROM m_section AS o WHERE o.u = x.u
                          AND o.key = 'section' || CASE WHEN k > 1 THEN k::text ELSE '' END)
        ORDER BY k LIMIT 1)
    WHERE x.name IS NULL;
UPDATE m_section SET name = left(name, 10) || '~' || left(md5(key), 8)
    WHERE length(name) > 100 OR length(key) > 200;
