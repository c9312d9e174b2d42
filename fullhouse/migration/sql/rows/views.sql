-- The rows of the batch as they shall stand, one view a table, in the columns that a migration
-- writes. Backfill inserts them, validation compares them.
CREATE TEMP VIEW want_performance AS
SELECT m.performance_id AS id, m.event_id, m.date, m.start_time,
       coalesce(a.places, 0)::integer AS max_capacity, m.status::varchar AS status, m.created_at
    FROM m_unit AS m
    LEFT JOIN (SELECT u, sum(places) AS places FROM (
                   SELECT u, places FROM m_allocation
                   UNION ALL SELECT u, quantity FROM m_line WHERE overbooked) AS x
               GROUP BY u) AS a ON a.u = m.u;

CREATE TEMP VIEW want_allocation AS
SELECT a.id, m.performance_id, x.id AS section_id, a.type AS ticket_type_id,
       (a.places + coalesce(l.over, 0))::integer AS allocated_capacity,
       (a.places + coalesce(l.over - l.taken, 0))::integer AS available_capacity,
       (a.places - a.seats - coalesce(l.unseated, 0))::integer AS unseated_available,
       coalesce(l.reserved, 0)::integer AS reserved_capacity,
       coalesce(l.sold, 0)::integer AS sold_capacity,
       a.modifier::numeric(12, 6) AS price_modifier, m.created_at
    FROM m_allocation AS a
    JOIN m_unit AS m ON m.u = a.u
    JOIN m_section AS x ON x.u = a.u AND x.s = a.s
    LEFT JOIN (
        SELECT allocation_id, sum(quantity) AS taken,
               coalesce(sum(quantity) FILTER (WHERE overbooked), 0) AS over,
               coalesce(sum(quantity) FILTER (WHERE seat_id IS NULL AND NOT overbooked), 0)
                   AS unseated,
               coalesce(sum(quantity) FILTER (WHERE status = 'reserved'), 0) AS reserved,
               coalesce(sum(quantity) FILTER (WHERE status = 'sold'), 0) AS sold
            FROM m_line GROUP BY allocation_id
    ) AS l ON l.allocation_id = a.id;

CREATE TEMP VIEW want_section AS
SELECT x.id, m.performance_id, x.name::varchar AS name, a.places::integer AS total_capacity,
       x.base_price::numeric(12, 2) AS base_price, x.currency::varchar AS currency, x.position,
       m.created_at
    FROM m_section AS x
    JOIN m_unit AS m ON m.u = x.u
    JOIN (SELECT u, s, sum(places) AS places FROM (
              SELECT u, s, places FROM m_allocation
              UNION ALL SELECT u, s, quantity FROM m_line WHERE overbooked) AS y
          GROUP BY u, s) AS a ON a.u = x.u AND a.s = x.s;

CREATE TEMP VIEW want_section_alias AS
SELECT DISTINCT ON (m.performance_id, y.spelling)
       pg_temp.m_id(m.performance_id, 'alias:' || y.spelling) AS id, m.performance_id,
       x.id AS section_id, y.spelling::varchar AS spelling
    FROM (
        SELECT p.u, coalesce(o.s_to, p.s) AS s, left(p.label, 100) AS spelling, p.label
            FROM m_spelling AS p LEFT JOIN m_read_as AS o ON o.u = p.u AND o.s = p.s
    ) AS y
    JOIN m_unit AS m ON m.u = y.u
    JOIN m_section AS x ON x.u = y.u AND x.s = y.s
    ORDER BY m.performance_id, y.spelling, y.label COLLATE "C";

CREATE TEMP VIEW want_seat AS
SELECT p.id, m.performance_id, x.id AS section_id, a.id AS allocation_id,
       p.row_number::varchar AS row_number, p.seat_number::varchar AS seat_number,
       (CASE p.standing WHEN 1 THEN 'sold' WHEN 5 THEN 'available' ELSE 'reserved' END)::varchar
           AS status,
       (CASE WHEN coalesce(p.price, x.base_price) <> a.final_price
           THEN coalesce(p.price, x.base_price) END)::numeric(12, 2) AS price,
       p.is_accessible, p.is_premium, p.row_rank, p.seat_rank
    FROM m_place AS p
    JOIN m_unit AS m ON m.u = p.u
    JOIN m_section AS x ON x.u = p.u AND x.s = p.s
    JOIN m_allocation AS a ON a.u = p.u AND a.s = p.s AND a.type IS NOT DISTINCT FROM p.type
    WHERE p.is_winner;

CREATE TEMP VIEW want_seat_alias AS
SELECT m.performance_id, p.id AS legacy_seat_id, p.winner_id AS seat_id
    FROM m_place AS p JOIN m_unit AS m ON m.u = p.u
    WHERE NOT p.is_winner;

CREATE TEMP VIEW want_reservation AS
SELECT b.id, m.performance_id, (CASE WHEN b.again = 1 AND b.reference <> '' THEN b.reference
           ELSE left(b.reference, 60) || '-' || b.id END)::varchar AS reference,
       (CASE b.counts WHEN 'sold' THEN 'sale' ELSE 'legacy' END)::varchar AS kind,
       b.counts::varchar AS status, left(b.customer, 255)::varchar AS customer,
       ''::varchar AS reason, b.created_at
    FROM (
        SELECT m_booking.*,
               row_number() OVER (PARTITION BY u, reference ORDER BY created_at, id) AS again
            FROM m_booking
            WHERE counts IS NOT NULL AND id IN (SELECT booking_id FROM m_line)
    ) AS b
    JOIN m_unit AS m ON m.u = b.u
UNION ALL
SELECT l.reservation_id, m.performance_id,
       ('legacy-' || l.kind || '-' || left(l.reservation_id::text, 13))::varchar,
       l.kind::varchar, l.status::varchar, ''::varchar, l.reason::varchar, l.at
    FROM (
        SELECT u, reservation_id, min(kind) AS kind, min(status) AS status, min(reason) AS reason,
               min(at) AS at
            FROM m_line WHERE booking_id IS NULL GROUP BY u, reservation_id
    ) AS l
    JOIN m_unit AS m ON m.u = l.u;

CREATE TEMP VIEW want_line AS
SELECT l.id, m.performance_id, l.reservation_id, l.allocation_id, l.ticket_type AS ticket_type_id,
       l.seat_id, l.quantity, l.unit_price::numeric(12, 2) AS unit_price,
       l.status::varchar AS status,
       l.overbooked
    FROM m_line AS l JOIN m_unit AS m ON m.u = l.u;

CREATE TEMP VIEW want_movement AS
SELECT l.id, m.performance_id, l.allocation_id, l.seat_id, l.reservation_id,
       'available'::varchar AS from_state, l.status::varchar AS to_state, l.quantity,
       l.at, r.run_id AS migration_run_id
    FROM m_line AS l JOIN m_unit AS m ON m.u = l.u CROSS JOIN m_run AS r
UNION ALL
SELECT a.id, a.performance_id, a.id, NULL, NULL, NULL, 'available', a.allocated_capacity,
       a.created_at, r.run_id
    FROM want_allocation AS a CROSS JOIN m_run AS r
    WHERE a.allocated_capacity > 0;
