-- Money: several currencies in a section; zero, negative, missing and unreadable prices.
INSERT INTO m_anomaly
SELECT m.performance_id, 'currency_mixed', x.name, '[]', coalesce(sum(c.seats) FILTER (
           WHERE c.currency IS DISTINCT FROM x.currency), 0),
       jsonb_build_object('kept', x.currency,
           'currencies', jsonb_object_agg(coalesce(c.currency, ''), c.seats))
    FROM (SELECT p.u, p.s, s.currency, count(*) AS seats
          FROM m_seat AS s JOIN m_place AS p ON p.id = s.id GROUP BY p.u, p.s, s.currency) AS c
    JOIN m_unit AS m ON m.u = c.u
    JOIN m_section AS x ON x.u = c.u AND x.s = c.s
    GROUP BY m.performance_id, x.name, x.currency
    HAVING count(*) > 1 OR bool_or(c.currency IS DISTINCT FROM x.currency);

INSERT INTO m_anomaly
SELECT m.performance_id, k.kind, x.name, to_jsonb((array_agg(s.id ORDER BY s.id))[1:100]), count(*),
       jsonb_build_object('base_price', x.base_price, 'prices', to_jsonb(
           (array_agg(DISTINCT s.price) FILTER (WHERE s.price IS NOT NULL))[1:20]))
    FROM m_seat AS s
    JOIN m_unit AS m ON m.u = s.u
    JOIN m_place AS p ON p.id = s.id
    JOIN m_section AS x ON x.u = p.u AND x.s = p.s
    CROSS JOIN LATERAL (SELECT CASE
        WHEN s.price IS NULL THEN 'price_missing' WHEN s.price = 0 THEN 'price_zero'
        WHEN s.price < 0 THEN 'price_negative'
        WHEN p.price IS DISTINCT FROM s.price THEN 'price_not_exact' END AS kind) AS k
    WHERE k.kind IS NOT NULL
    GROUP BY m.performance_id, k.kind, x.name, x.base_price;

INSERT INTO m_anomaly
SELECT m.performance_id, 'base_price_default', x.name, '[]', 1,
       jsonb_build_object('base_price', x.base_price, 'currency', x.currency)
    FROM m_section AS x JOIN m_unit AS m ON m.u = x.u
    WHERE x.base_from = 'default';
