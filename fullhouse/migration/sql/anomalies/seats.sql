-- Seats: the same seat twice, sold twice, unknown status, kept by the house, soft-deleted.
INSERT INTO m_anomaly
SELECT m.performance_id, 'seat_twins', x.name,
       jsonb_path_query_array(jsonb_agg(t.ids ORDER BY t.id), '$[0 to 99][*]'),
       count(*), jsonb_build_object('rows', sum(t.rows), 'contradicting', count(*) FILTER (
           WHERE t.standings > 1))
    FROM (
        SELECT w.u, w.s, w.id, jsonb_agg(p.id ORDER BY p.is_winner DESC, p.id) AS ids,
               count(*) AS rows,
               count(DISTINCT p.standing) AS standings
            FROM m_place AS p JOIN m_place AS w ON w.id = p.winner_id
            WHERE p.winner_id IN (SELECT winner_id FROM m_place WHERE NOT is_winner)
            GROUP BY w.u, w.s, w.id
    ) AS t
    JOIN m_unit AS m ON m.u = t.u
    JOIN m_section AS x ON x.u = t.u AND x.s = t.s
    GROUP BY m.performance_id, x.name;

INSERT INTO m_anomaly
SELECT m.performance_id, CASE l.status WHEN 'sold' THEN 'double_sale' ELSE 'double_hold' END,
       x.name,
       to_jsonb((array_agg(coalesce(l.booking_id, l.id) ORDER BY l.id))[1:100]), count(*),
       jsonb_build_object('places', sum(l.quantity), 'amount', sum(l.unit_price))
    FROM m_line AS l
    JOIN m_unit AS m ON m.u = l.u
    JOIN m_section AS x ON x.u = l.u AND x.s = l.s
    LEFT JOIN m_unseated AS t
        ON l.id = pg_temp.m_id(t.booking_id, 'unseated:' || t.n || ':true')
    WHERE l.overbooked AND t.u IS NULL
    GROUP BY m.performance_id, l.status, x.name;

INSERT INTO m_anomaly
SELECT m.performance_id, 'status_unknown', coalesce(left(s.status, 100), 'null'),
       to_jsonb((array_agg(s.id ORDER BY s.id))[1:100]), count(*),
       jsonb_build_object('status', s.status, 'booked', count(c.seat_id))
    FROM m_seat AS s JOIN m_unit AS m USING (u)
    LEFT JOIN (SELECT DISTINCT seat_id FROM m_claim) AS c ON c.seat_id = s.id
    WHERE s.status IS NULL OR s.status NOT IN ('available', 'reserved', 'sold', 'blocked')
    GROUP BY m.performance_id, s.status;

INSERT INTO m_anomaly
SELECT m.performance_id, k.kind, '', to_jsonb((array_agg(s.id ORDER BY s.id))[1:100]), count(*),
       jsonb_build_object('sold', count(*) FILTER (WHERE p.standing = 1),
           'held', count(*) FILTER (WHERE p.standing IN (2, 3)),
           'kept_by_house', count(*) FILTER (WHERE p.standing = 4))
    FROM m_seat AS s
    JOIN m_unit AS m USING (u)
    JOIN m_place AS p ON p.id = s.id
    CROSS JOIN LATERAL (
        SELECT 'seat_soft_deleted' AS kind WHERE NOT s.is_active
        UNION ALL SELECT 'seat_blocked' WHERE s.status = 'blocked'
    ) AS k
    GROUP BY m.performance_id, k.kind;
