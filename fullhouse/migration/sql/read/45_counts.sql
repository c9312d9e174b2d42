-- How many places a booking has: the readable breakdown's quantity, else the participants; those
-- that name a seat, those that name a seat of no use, and the rest. Never below what is named.
INSERT INTO m_asked
WITH entry AS (
    SELECT b.u, b.id AS booking_id, e.n, pg_temp.m_places(e.value -> 'quantity') AS quantity,
           m.event_id, e.value ->> 'ticket_type_id' AS id, e.value ->> 'name' AS name
        FROM m_booking AS b
        JOIN m_unit AS m ON m.u = b.u
        CROSS JOIN LATERAL jsonb_array_elements(b.breakdown) WITH ORDINALITY AS e (value, n)
        WHERE b.counts IS NOT NULL AND jsonb_typeof(b.breakdown) = 'array'
          AND jsonb_typeof(e.value) = 'object'
)
SELECT e.u, e.booking_id, e.n, e.quantity,
       CASE WHEN i.event_id IS NOT NULL THEN i.type WHEN f.event_id IS NOT NULL THEN f.type
            WHEN n.event_id IS NOT NULL THEN n.type ELSE k.type END
    FROM entry AS e
    LEFT JOIN m_type_key AS i ON i.event_id = e.event_id AND i.key = e.id
    LEFT JOIN m_type_key AS f ON f.event_id = e.event_id
        AND f.key = CASE WHEN i.event_id IS NULL AND e.id <> '' THEN {schema}.name_key(e.id) END
    LEFT JOIN m_type_key AS n ON n.event_id = e.event_id AND n.key = e.name
    LEFT JOIN m_type_key AS k ON k.event_id = e.event_id
        AND k.key = CASE WHEN i.event_id IS NULL AND n.event_id IS NULL AND e.name <> ''
            THEN {schema}.name_key(e.name) END;

INSERT INTO m_count
SELECT b.u, b.id, b.counts, w.told, w.asked, w.claimed, w.lost,
       greatest(w.asked - w.claimed - w.lost, 0), w.only_type, b.unit_price, b.created_at
    FROM m_booking AS b
    LEFT JOIN (
        SELECT booking_id, least(sum(quantity), 99999999) AS quantity,
               CASE WHEN count(DISTINCT type) = 1 AND bool_and(type IS NOT NULL)
                   THEN (array_agg(type))[1] END AS only_type
            FROM m_asked WHERE quantity IS NOT NULL GROUP BY booking_id
    ) AS a ON a.booking_id = b.id
    LEFT JOIN (SELECT booking_id, count(*) AS n FROM m_claim GROUP BY booking_id) AS c
        ON c.booking_id = b.id
    LEFT JOIN (SELECT booking_id, count(*) AS n FROM m_lost GROUP BY booking_id) AS l
        ON l.booking_id = b.id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN a.quantity IS NOT NULL THEN 'breakdown'
                    WHEN b.participants IS NOT NULL THEN 'participants' END AS told,
               coalesce(a.quantity, b.participants, 0) AS asked,
               coalesce(c.n, 0) AS claimed, coalesce(l.n, 0) AS lost, a.only_type
    ) AS w
    WHERE b.counts IS NOT NULL;
