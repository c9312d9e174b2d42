-- The allocations before anything is sold beyond them. The modifier gives the commonest price of
-- the allocation's seats where it can do so exactly; the other seats keep a price of their own. An
-- allocation without seats costs what its ticket type costs, if the legacy side says so.
INSERT INTO m_allocation
WITH leaf AS (
    SELECT x.u, x.s, x.type, sum(x.seats) AS seats, sum(x.places) AS places FROM (
        SELECT u, s, type, seats, greatest(seats, places) AS places FROM m_size
        UNION ALL SELECT DISTINCT u, s, type, 0, 0 FROM m_unseated
    ) AS x GROUP BY x.u, x.s, x.type
), common AS (
    SELECT DISTINCT ON (p.u, p.s, p.type) p.u, p.s, p.type, coalesce(p.price, x.base_price) AS price
        FROM m_place AS p JOIN m_section AS x ON x.u = p.u AND x.s = p.s
        WHERE p.is_winner
        GROUP BY p.u, p.s, p.type, coalesce(p.price, x.base_price)
        ORDER BY p.u, p.s, p.type, count(*) DESC, coalesce(p.price, x.base_price)
), modified AS (
    SELECT f.*, x.base_price, x.currency, x.key, m.performance_id, coalesce(g.modifier, CASE
               WHEN x.base_price > 0 AND k.price / x.base_price < 999999 AND {schema}.final_price(
                   x.base_price, round(k.price / x.base_price, 6), x.currency) = k.price
               THEN round(k.price / x.base_price, 6) ELSE 1 END) AS modifier
        FROM leaf AS f
        JOIN m_section AS x ON x.u = f.u AND x.s = f.s
        JOIN m_unit AS m ON m.u = f.u
        LEFT JOIN common AS c ON c.u = f.u AND c.s = f.s AND c.type IS NOT DISTINCT FROM f.type
        LEFT JOIN m_type AS y ON y.id = f.type AND x.base_from = 'types'
        CROSS JOIN LATERAL (SELECT coalesce(c.price, y.price) AS price) AS k
        LEFT JOIN m_part AS g ON m.given AND g.u = f.u AND g.s = f.s
            AND g.type IS NOT DISTINCT FROM f.type
)
SELECT d.u, d.s, d.type,
       pg_temp.m_id(d.performance_id, d.key || ':' || coalesce(d.type::text, 'pool')),
       d.seats, d.places, d.modifier, {schema}.final_price(d.base_price, d.modifier, d.currency)
    FROM modified AS d;
