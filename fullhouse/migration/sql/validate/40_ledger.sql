-- The independent ledger: every legacy seat row and every place of a counted booking is there, once,
-- in its state and for its money; nothing else is.

-- A booking has its places, and costs what it cost.
INSERT INTO m_mismatch
SELECT x.rule, b.performance_id, 'booking', b.id::text, x.legacy, x.new
    FROM (
        SELECT b.*, coalesce(n.named, 0) AS named, n.amount, n.unpriced,
               greatest(b.asked, coalesce(n.named, 0)) AS places
            FROM v_booking AS b
            LEFT JOIN (
                SELECT v.booking_id, count(*) AS named,
                       sum(coalesce(v.price, o.unit_price, CASE WHEN s.price >= 0
                           THEN s.price ELSE s.base_price END)) AS amount,
                       bool_or(v.price IS NULL AND o.unit_price IS NULL AND s.id IS NULL) AS unpriced
                    FROM v_named AS v JOIN v_booking AS o ON o.id = v.booking_id
                    LEFT JOIN v_seat AS s ON s.id = v.seat_id
                    GROUP BY v.booking_id
            ) AS n ON n.booking_id = b.id
    ) AS b
    LEFT JOIN (
        SELECT reservation_id, sum(quantity) AS places, sum(quantity * unit_price) AS amount,
               min(status) AS status, count(DISTINCT status) AS statuses
            FROM v_line GROUP BY reservation_id
    ) AS l ON l.reservation_id = b.id
    CROSS JOIN LATERAL (
        SELECT 'booking_places' AS rule,
               jsonb_build_object('places', b.places, 'state', b.counts) AS legacy,
               jsonb_build_object('places', l.places, 'state', l.status) AS new
            WHERE b.places <> coalesce(l.places, 0) OR l.statuses > 1
               OR b.places > 0 AND l.status <> b.counts
        UNION ALL
        SELECT 'booking_money', jsonb_build_object('amount', w.amount),
               jsonb_build_object('amount', l.amount)
            FROM (SELECT coalesce(b.total_price, coalesce(b.amount, 0) + CASE
                      WHEN b.asked > b.named THEN (b.asked - b.named) * b.unit_price ELSE 0 END)
                      AS amount) AS w
            WHERE b.places > 0 AND (b.unpriced IS NOT TRUE OR b.total_price IS NOT NULL)
              AND w.amount <> l.amount
    ) AS x
    LIMIT 1000;

-- A seat row that is sold without a booking has its own line, once, for its own price.
INSERT INTO m_mismatch
SELECT 'sold_seat_once', s.performance_id, 'seat', s.id::text,
       jsonb_build_object('status', s.status, 'price', s.price),
       jsonb_build_object('line', s.line_status, 'quantity', s.line_quantity, 'price', s.line_price)
    FROM v_seat AS s
    LEFT JOIN (SELECT DISTINCT seat_id FROM v_named WHERE counts = 'sold' AND seat_id IS NOT NULL)
        AS n ON n.seat_id = s.id
    LEFT JOIN v_booking AS b ON b.id = s.line_booking
    WHERE s.status = 'sold' AND n.seat_id IS NULL
      AND ((s.line_status, s.line_quantity) IS DISTINCT FROM ('sold', 1) OR b.id IS NOT NULL
           OR s.line_price IS DISTINCT FROM CASE WHEN pg_temp.m_price(s.price) IS NOT NULL
               THEN pg_temp.m_price(s.price) ELSE s.base_price END)
    LIMIT 1000;

-- A legacy seat row leads to one seat, in the state that its rows and bookings say, at its price.
INSERT INTO m_mismatch
WITH named AS (
    SELECT seat_id, max(CASE counts WHEN 'sold' THEN 2 ELSE 1 END) AS standing FROM v_named
        WHERE seat_id IS NOT NULL GROUP BY seat_id
), told AS (
    SELECT s.*, CASE WHEN n.standing = 2 OR s.status = 'sold' THEN 2
               WHEN n.standing = 1 OR s.status <> 'available' OR NOT s.is_active THEN 1
               ELSE 0 END AS standing
        FROM v_seat AS s LEFT JOIN named AS n ON n.seat_id = s.id
), physical AS (
    SELECT seat_id, max(standing) AS standing FROM told WHERE seat_id IS NOT NULL GROUP BY seat_id
)
SELECT x.rule, t.performance_id, 'seat', t.id::text,
       jsonb_build_object('status', t.status, 'is_active', t.is_active, 'price', t.price),
       jsonb_build_object('seat', t.seat_id, 'status', t.new_status, 'price', t.new_price)
    FROM told AS t
    LEFT JOIN physical AS p ON p.seat_id = t.seat_id
    CROSS JOIN LATERAL (
        SELECT 'seat_missing' AS rule WHERE t.seat_id IS NULL
        UNION ALL SELECT 'seat_state' WHERE t.new_status
            <> CASE p.standing WHEN 2 THEN 'sold' WHEN 1 THEN 'reserved' ELSE 'available' END
        UNION ALL SELECT 'seat_price' WHERE t.seat_id = t.id AND t.new_price
            <> coalesce(pg_temp.m_price(t.price), t.base_price)
    ) AS x
    LIMIT 1000;

-- No seat is in two live lines, a free one in none, a taken one in one of its own state; and a seat
-- is behind every numbered line.
INSERT INTO m_mismatch
SELECT 'seat_in_one_line', s.performance_id, 'seat', s.id::text,
       NULL, jsonb_build_object('status', s.status, 'lines', l.lines, 'line_status', l.status)
    FROM (SELECT id, performance_id, status FROM {schema}.events_seat
          WHERE performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))) AS s
    FULL JOIN (SELECT seat_id, count(*) AS lines, min(status) AS status
               FROM v_line WHERE seat_id IS NOT NULL GROUP BY seat_id) AS l ON l.seat_id = s.id
    WHERE s.id IS NULL OR coalesce(l.lines, 0) > 1
       OR coalesce(l.status, 'available') <> s.status
    LIMIT 1000;

-- All sold places and all their money, performance by performance: none without a legacy row.
INSERT INTO m_mismatch
SELECT 'sold_in_all', coalesce(o.performance_id, n.performance_id), 'performance',
       coalesce(o.performance_id, n.performance_id)::text,
       jsonb_build_object('sold', o.places), jsonb_build_object('sold', n.places)
    FROM (
        SELECT performance_id, sum(places) AS places FROM (
            SELECT b.performance_id, greatest(b.asked, coalesce(v.named, 0)) AS places
                FROM v_booking AS b
                LEFT JOIN (SELECT booking_id, count(*) AS named FROM v_named GROUP BY booking_id)
                    AS v ON v.booking_id = b.id
                WHERE b.counts = 'sold'
            UNION ALL
            SELECT s.performance_id, 1 FROM v_seat AS s
                WHERE s.status = 'sold' AND s.id NOT IN (
                    SELECT seat_id FROM v_named WHERE counts = 'sold' AND seat_id IS NOT NULL)
        ) AS x GROUP BY performance_id
    ) AS o
    FULL JOIN (SELECT performance_id, sum(quantity) AS places FROM v_line
               WHERE status = 'sold' GROUP BY performance_id) AS n
        ON n.performance_id = o.performance_id
    WHERE coalesce(o.places, 0) <> coalesce(n.places, 0)
    LIMIT 1000;

INSERT INTO m_compared
SELECT 'legacy_seats', count(*) FROM v_seat
UNION ALL SELECT 'legacy_bookings', count(*) FROM v_booking
UNION ALL SELECT 'sold_places', coalesce(sum(quantity) FILTER (WHERE status = 'sold'), 0) FROM v_line
UNION ALL SELECT 'units', count(*) FROM m_batch;
