-- What Fullhouse holds of this run's performances that the legacy tables cannot: kind, how many, places
-- that would be known to Fullhouse only, the performances. Lengths of the legacy columns are filled in.
WITH unit AS MATERIALIZED (
    SELECT performance_id FROM {schema}.capacity_migration_migrationunit
        WHERE run_id = (SELECT run_id FROM m_run)
), seated AS MATERIALIZED (
    SELECT DISTINCT performance_id FROM src_seat
), since AS MATERIALIZED (
    SELECT m.performance_id, m.reservation_id, m.operation, m.allocation_id, m.seat_id
        FROM {schema}.events_movement AS m JOIN unit USING (performance_id)
        WHERE m.migration_run_id IS NULL
), booked AS MATERIALIZED (
    SELECT DISTINCT r.* FROM {schema}.events_reservation AS r
        JOIN since AS s ON s.performance_id = r.performance_id AND s.reservation_id = r.id
        WHERE r.status IN ('reserved', 'sold')
), moved AS MATERIALIZED (
    -- Legacy rows of the seats that whoever had them at the cut-over has no more.
    SELECT s.performance_id, x.row_id
        FROM {schema}.events_seat AS s
        CROSS JOIN LATERAL (
            SELECT s.id AS row_id
            UNION ALL SELECT a.legacy_seat_id FROM {schema}.capacity_migration_seatalias AS a
                WHERE a.performance_id = s.performance_id AND a.seat_id = s.id) AS x
        WHERE s.id IN (SELECT seat_id FROM since WHERE seat_id IS NOT NULL)
          AND s.performance_id IN (SELECT performance_id FROM since)
          AND NOT EXISTS (SELECT FROM {schema}.events_reservationline AS f
                          WHERE f.performance_id = s.performance_id AND f.id = s.id
                            AND f.seat_id = s.id AND f.status IN ('reserved', 'sold'))
), found (kind, performance_id, n, places) AS (
    SELECT 'performance', p.id, 1, coalesce((
               SELECT sum(a.reserved_capacity + a.sold_capacity)
               FROM {schema}.events_sectiontickettype AS a WHERE a.performance_id = p.id), 0)
        FROM {schema}.events_eventperformance AS p
        JOIN {schema}.capacity_migration_maderow AS w ON w.kind = 'event' AND w.row_id = p.event_id
            AND w.run_id = (SELECT run_id FROM m_run)
        WHERE p.id NOT IN (SELECT performance_id FROM unit)
    UNION ALL
    SELECT 'house_places', l.performance_id, l.quantity, 0
        FROM {schema}.events_reservationline AS l
        JOIN booked AS r ON r.performance_id = l.performance_id AND r.id = l.reservation_id
        WHERE r.kind IN ('house', 'kill', 'channel') AND l.seat_id IS NULL AND l.status = 'reserved'
    UNION ALL
    SELECT 'unseated_in_seated', l.performance_id, l.quantity, 0
        FROM {schema}.events_reservationline AS l
        JOIN booked AS r ON r.performance_id = l.performance_id AND r.id = l.reservation_id
        JOIN seated AS s ON s.performance_id = l.performance_id
        WHERE r.kind NOT IN ('house', 'kill', 'channel') AND l.seat_id IS NULL AND l.status IN ('reserved', 'sold')
    UNION ALL
    SELECT 'unseated_capacity', a.performance_id, (a.allocated_capacity - a.seats)::integer, 0
        FROM (
            SELECT a.performance_id, sum(a.allocated_capacity) AS allocated_capacity, (
                       SELECT count(*) FROM {schema}.events_seat AS t
                       WHERE t.performance_id = a.performance_id) AS seats
                FROM {schema}.events_sectiontickettype AS a
                JOIN seated AS s ON s.performance_id = a.performance_id
                JOIN unit AS u ON u.performance_id = a.performance_id
                WHERE a.performance_id IN (SELECT performance_id FROM since
                                           WHERE operation IN ('resize', 'open'))
                GROUP BY a.performance_id
        ) AS a WHERE a.allocated_capacity > a.seats
    UNION ALL
    SELECT 'deadline', r.performance_id, 1, 0 FROM booked AS r
        WHERE r.status = 'reserved' AND r.expires_at IS NOT NULL
    UNION ALL
    SELECT 'customer', r.performance_id, 1, 0 FROM booked AS r
        WHERE r.kind NOT IN ('house', 'kill', 'channel') AND r.customer <> '' AND {customer_unknown}
    UNION ALL
    SELECT 'reference', r.performance_id, 1, 0 FROM booked AS r
        WHERE r.kind NOT IN ('house', 'kill', 'channel') AND length(r.reference) > {reference_length}
    UNION ALL
    SELECT 'prices', l.performance_id, 1, 0
        FROM {schema}.events_reservationline AS l
        JOIN booked AS r ON r.performance_id = l.performance_id AND r.id = l.reservation_id
        WHERE l.seat_id IS NULL AND l.status IN ('reserved', 'sold')
        GROUP BY l.performance_id, l.reservation_id HAVING count(DISTINCT l.unit_price) > 1
    UNION ALL
    SELECT 'amount', l.performance_id, 1, sum(l.quantity)
        FROM {schema}.events_reservationline AS l
        JOIN booked AS r ON r.performance_id = l.performance_id AND r.id = l.reservation_id
        WHERE l.status IN ('reserved', 'sold')
        GROUP BY l.performance_id, l.reservation_id
        HAVING sum(l.quantity * l.unit_price / l.places_per_ticket) > {most_money}
    UNION ALL
    SELECT 'section_name', c.performance_id, 1, 0
        FROM {schema}.events_eventsection AS c JOIN unit USING (performance_id)
        WHERE length(c.name) > {section_length} AND EXISTS (
            SELECT FROM {schema}.events_seat AS t WHERE t.section_id = c.id AND NOT EXISTS (
                SELECT FROM src_seat AS x WHERE x.id = t.id))
    UNION ALL
    -- A seat that was sold twice over there and whose first buyer was refunded here is free here, or
    -- another's by now, and the second buyer's over there. An overbooked place knows its seat: its id
    -- is the legacy row's, or is made of the booking and the row that it names.
    SELECT DISTINCT ON (l.id) 'second_sale', l.performance_id, l.quantity, 0
        FROM {schema}.events_reservationline AS l
        JOIN unit ON unit.performance_id = l.performance_id
        JOIN moved AS t ON t.performance_id = l.performance_id
        WHERE l.overbooked AND l.status IN ('reserved', 'sold')
          AND l.id IN (t.row_id, pg_temp.m_id(l.reservation_id, t.row_id::text))
    UNION ALL
    SELECT 'closed', p.id, 1, 0
        FROM {schema}.events_eventperformance AS p
        JOIN unit ON unit.performance_id = p.id
        JOIN src_performance AS s ON s.id = p.id
        JOIN m_event AS e ON e.id = p.event_id
        WHERE p.status <> 'on_sale' AND e.is_active AND coalesce(s.is_active, true)
    UNION ALL
    SELECT 'ticket_type', l.performance_id, l.quantity, 0
        FROM {schema}.events_reservationline AS l
        JOIN booked AS r ON r.performance_id = l.performance_id AND r.id = l.reservation_id
        WHERE l.status IN ('reserved', 'sold') AND r.kind NOT IN ('house', 'kill', 'channel')
          AND l.ticket_type_id NOT IN (SELECT w.row_id FROM {schema}.capacity_migration_maderow AS w
              WHERE w.run_id = (SELECT run_id FROM m_run) AND w.kind = 'ticket_type')
    UNION ALL
    SELECT 'seats', l.performance_id, l.quantity, 0
        FROM {schema}.events_reservationline AS l
        JOIN booked AS r ON r.performance_id = l.performance_id AND r.id = l.reservation_id
        WHERE l.status IN ('reserved', 'sold') AND r.kind NOT IN ('house', 'kill', 'channel')
          AND l.seat_id IS NOT NULL
    UNION ALL
    SELECT DISTINCT 'reallocated', s.performance_id, 1, 0 FROM since AS s
        WHERE s.operation = 'reallocate'
)
SELECT kind, sum(n)::bigint, sum(places)::bigint, array_agg(DISTINCT performance_id::text)
    FROM found GROUP BY kind ORDER BY kind;
