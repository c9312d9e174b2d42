-- Bookings whose places moved in Fullhouse since the cut-over, and those that it made. A booking of
-- the legacy side keeps its own words; only its status follows, and where a part of it was refunded
-- also what is left of it. What Fullhouse made is written whole each time. House seats are no booking.
INSERT INTO b_booking
WITH moved AS (
    SELECT m.reservation_id AS id, m.performance_id,
           bool_or(m.migration_run_id IS NOT NULL) AS is_taken_over
        FROM {schema}.events_movement AS m
        WHERE m.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
          AND m.reservation_id IS NOT NULL
        GROUP BY m.performance_id, m.reservation_id
        HAVING bool_or(m.migration_run_id IS NULL)
), line AS (
    SELECT l.*, l.status IN ('reserved', 'sold') AS is_live,
           -- A ticket of several places has one price; the booking's total stays right to the cent.
           round(l.unit_price / l.places_per_ticket, 2) AS place_price, y.name AS type_name,
           x.section, coalesce(x.row_number, s.row_number) AS row_number,
           coalesce(x.seat_number, s.seat_number) AS seat_number, c.name AS section_name, c.currency
        FROM {schema}.events_reservationline AS l
        JOIN moved AS m ON m.id = l.reservation_id AND m.performance_id = l.performance_id
        JOIN {schema}.events_sectiontickettype AS a
            ON a.performance_id = l.performance_id AND a.id = l.allocation_id
        JOIN {schema}.events_eventsection AS c
            ON c.performance_id = l.performance_id AND c.id = a.section_id
        LEFT JOIN {schema}.events_tickettype AS y ON y.id = l.ticket_type_id
        LEFT JOIN {schema}.events_seat AS s
            ON s.performance_id = l.performance_id AND s.id = l.seat_id
        LEFT JOIN src_seat AS x ON x.performance_id = l.performance_id AND x.id = l.seat_id
), part AS (
    SELECT reservation_id, jsonb_agg(jsonb_build_object('ticket_type_id', ticket_type_id,
               'name', coalesce(type_name, ''), 'quantity', places, 'price', place_price)
               ORDER BY type_name, place_price, ticket_type_id) AS breakdown
        FROM (SELECT reservation_id, ticket_type_id, type_name, place_price,
                     sum(quantity) AS places
              FROM line WHERE is_live
              GROUP BY reservation_id, ticket_type_id, type_name, place_price) AS g
        GROUP BY reservation_id
), held AS (
    SELECT reservation_id, sum(quantity) FILTER (WHERE is_live) AS places,
           sum(quantity * unit_price / places_per_ticket) FILTER (WHERE is_live) AS amount,
           CASE WHEN count(DISTINCT place_price) FILTER (WHERE is_live AND seat_id IS NULL) = 1
               THEN min(place_price) FILTER (WHERE is_live AND seat_id IS NULL) END AS common_price,
           bool_or(status = 'sold') AS is_sold, NOT bool_and(is_live) AS is_parted,
           min(currency) AS currency,
           coalesce(jsonb_agg(jsonb_build_object('seat_id', seat_id,
               'section', coalesce(section, section_name), 'row_number', row_number,
               'seat_number', seat_number, 'price', place_price) ORDER BY id)
               FILTER (WHERE is_live AND seat_id IS NOT NULL), '[]') AS seats
        FROM line GROUP BY reservation_id
), told AS (
    SELECT r.id, r.performance_id, u.event_id, r.customer, r.reference, r.created_at,
           coalesce(h.places, 0) AS places, coalesce(h.amount, 0) AS amount,
           coalesce(h.common_price, round(h.amount / h.places, 2), 0) AS unit_price,
           h.currency, h.seats, coalesce(p.breakdown, '[]') AS breakdown,
           CASE WHEN h.places IS NULL THEN 'cancelled' WHEN NOT h.is_sold THEN 'pending'
                WHEN b.status IN ('confirmed', 'completed') THEN b.status
                ELSE 'confirmed' END AS status,
           b.id IS NULL AS is_new, h.is_parted, k.id IS NOT NULL AND k.before IS NULL AS is_ours
        FROM moved AS m
        JOIN {schema}.events_reservation AS r
            ON r.performance_id = m.performance_id AND r.id = m.id AND r.kind NOT IN ('house', 'kill', 'channel')
        JOIN b_unit AS u ON u.id = r.performance_id
        JOIN held AS h ON h.reservation_id = r.id
        LEFT JOIN part AS p ON p.reservation_id = r.id
        LEFT JOIN (SELECT * FROM src_booking
                   WHERE performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))) AS b
            ON b.performance_id = r.performance_id AND b.id = r.id
        LEFT JOIN {schema}.capacity_migration_keptrow AS k
            ON k.run_id = (SELECT run_id FROM m_run) AND k.kind = 'booking' AND k.row_id = r.id
        WHERE b.id IS NOT NULL OR NOT m.is_taken_over AND h.places > 0
)
SELECT t.id, t.performance_id, t.event_id, t.customer, t.reference, t.places, t.unit_price, t.amount,
       t.currency, t.status, t.seats, t.breakdown, true, t.created_at, t.is_new,
       t.places > 0 AND (t.is_new OR t.is_ours OR t.is_parted)
    FROM told AS t;
