-- Each legacy seat row with its section, key, rank and standing; of the rows that are one physical
-- seat one wins. `standing`: 1 sold, 2 held by a pending booking, 3 reserved by its status, 4 the
-- house keeps it, 5 available. Of two sales the first is the earlier, then the lower id.
-- One sort serves every window.
INSERT INTO m_place
WITH claimed AS (
    SELECT seat_id, bool_or(counts = 'sold') AS is_sold,
           (array_agg(booking_id ORDER BY counts DESC, at, booking_id))[1] AS holder,
           (array_agg(at ORDER BY counts DESC, at, booking_id))[1] AS at
        FROM m_claim GROUP BY seat_id
), read AS (
    SELECT s.*, l.s, r.r, n.n, coalesce(o.s_to, l.s) AS s_to, o.prefix, k.code,
           CASE WHEN c.is_sold OR s.status = 'sold' THEN 1
                WHEN c.holder IS NOT NULL THEN 2
                WHEN s.status = 'reserved' AND s.is_active THEN 3
                WHEN s.status = 'available' AND s.is_active THEN 5
                ELSE 4 END AS standing,
           CASE WHEN c.is_sold OR s.status IS DISTINCT FROM 'sold' THEN c.holder END AS holder,
           c.at AS claimed_at
        FROM m_seat AS s
        JOIN m_label AS l ON l.label = s.section
        JOIN m_row AS r ON r.label = s.row_number
        JOIN m_number AS n ON n.label = s.seat_number
        LEFT JOIN m_currency AS k ON k.label = s.currency
        LEFT JOIN m_read_as AS o ON o.u = s.u AND o.s = l.s
        LEFT JOIN claimed AS c ON c.seat_id = s.id
), ordered AS (
    SELECT read.*,
           row_number() OVER physical AS choice, first_value(id) OVER physical AS winner_id,
           dense_rank() OVER (PARTITION BY u, s_to ORDER BY s, r) AS row_rank,
           dense_rank() OVER (PARTITION BY u, s_to, s, r ORDER BY n) AS seat_rank
        FROM read
        WINDOW physical AS (PARTITION BY u, s_to, s, r, n
            ORDER BY standing, CASE WHEN holder IS NULL THEN created_at ELSE claimed_at END,
                coalesce(holder, id), id)
)
SELECT o.u, o.s_to, t.id, o.id, o.winner_id, o.choice = 1, o.standing, o.holder,
       CASE WHEN o.standing <> 4 THEN NULL WHEN NOT o.is_active THEN 'soft-deleted'
            WHEN o.status = 'blocked' THEN 'blocked'
            ELSE 'unknown status: ' || coalesce(left(o.status, 50), 'null') END,
       pg_temp.m_price(o.price),
       o.code,
       o.row_rank, o.seat_rank,
       pg_temp.m_fit(CASE WHEN o.prefix IS NULL THEN o.row_number
                     ELSE o.prefix || '-' || o.row_number END, 20), pg_temp.m_fit(o.seat_number, 20),
       o.is_accessible, o.is_premium, o.created_at
    FROM ordered AS o
    JOIN m_unit AS m ON m.u = o.u
    LEFT JOIN m_type AS t
        ON t.id = o.ticket_type_id AND t.event_id = m.event_id AND t.is_active;
