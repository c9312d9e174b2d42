-- One document a performance: what is there, what will be there, and a digest of the legacy rows.
INSERT INTO m_plan
WITH seat AS (
    SELECT u, section, count(*) AS seats, count(*) FILTER (WHERE status = 'available') AS available,
           count(*) FILTER (WHERE status = 'reserved') AS reserved,
           count(*) FILTER (WHERE status = 'sold') AS sold,
           sum(hash_record_extended(ROW(id, section, row_number, seat_number, status, is_active,
               price, currency, ticket_type_id, is_accessible, is_premium), 0)::numeric) AS hash
        FROM m_seat GROUP BY u, section
), before AS (
    SELECT u, sum(seats) AS seats, sum(available) AS available, sum(reserved) AS reserved,
           sum(sold) AS sold, sum(hash) AS hash,
           jsonb_agg(jsonb_build_object('name', section, 'total_capacity', seats,
               'available', available, 'reserved', reserved, 'sold', sold)
               ORDER BY section COLLATE "C") AS sections
        FROM seat GROUP BY u
), booking AS (
    SELECT u, count(*) AS bookings, count(*) FILTER (WHERE counts IS NOT NULL) AS counted,
           sum(hash_record_extended(ROW(id, reference, status, is_active, participants, unit_price,
               total_price, raw_seats, raw_breakdown), 0)::numeric) AS hash
        FROM m_booking GROUP BY u
), leaf AS (
    SELECT a.performance_id, a.section_id, sum(a.allocated_capacity) AS total,
           sum(a.available_capacity) AS available, sum(a.reserved_capacity) AS reserved,
           sum(a.sold_capacity) AS sold,
           jsonb_agg(jsonb_build_object('name', t.name, 'ticket_type_id', a.ticket_type_id,
               'allocated', a.allocated_capacity, 'available', a.available_capacity,
               'reserved', a.reserved_capacity, 'sold', a.sold_capacity,
               'unseated_available', a.unseated_available, 'price', f.final_price::text)
               ORDER BY t.name COLLATE "C" NULLS LAST, a.ticket_type_id) AS types
        FROM want_allocation AS a
        JOIN m_allocation AS f ON f.id = a.id
        LEFT JOIN m_type AS t ON t.id = a.ticket_type_id
        GROUP BY a.performance_id, a.section_id
), after AS (
    SELECT s.performance_id, sum(l.total) AS total, sum(l.available) AS available,
           sum(l.reserved) AS reserved, sum(l.sold) AS sold,
           jsonb_agg(jsonb_build_object('name', s.name, 'total_capacity', l.total,
               'available', l.available, 'reserved', l.reserved, 'sold', l.sold,
               'base_price', s.base_price::text, 'currency', s.currency, 'types', l.types)
               ORDER BY s.position) AS sections
        FROM want_section AS s JOIN leaf AS l ON l.section_id = s.id
        GROUP BY s.performance_id
)
SELECT m.performance_id, jsonb_build_object(
        'performance_id', m.performance_id, 'event', e.title, 'event_id', m.event_id,
        'venue', v.name, 'venue_id', m.venue_id, 'date', m.date,
        'time', to_char(m.start_time, 'HH24:MI'),
        'before', jsonb_build_object('venue_capacity', v.total_capacity,
            'max_capacity', m.max_capacity, 'current_capacity', m.current_capacity,
            'ticket_capacities', m.raw_capacities, 'seats', coalesce(b.seats, 0),
            'available', coalesce(b.available, 0), 'reserved', coalesce(b.reserved, 0),
            'sold', coalesce(b.sold, 0), 'bookings', coalesce(k.bookings, 0),
            'counted_bookings', coalesce(k.counted, 0), 'sections', coalesce(b.sections, '[]')),
        'after', jsonb_build_object('venue_capacity', greatest(v.total_capacity, a.total),
            'status', m.status, 'max_capacity', coalesce(a.total, 0),
            'available', coalesce(a.available, 0), 'reserved', coalesce(a.reserved, 0),
            'sold', coalesce(a.sold, 0), 'sections', coalesce(a.sections, '[]'))),
       coalesce(b.hash, 0) + coalesce(k.hash, 0) * 3 + hash_record_extended(ROW(m.performance_id,
           m.event_id, m.legacy_date, m.legacy_time, m.performance_active, m.event_active,
           m.is_available, m.max_capacity, m.current_capacity, m.raw_capacities), 0)::numeric * 5,
       coalesce(b.seats, 0)
    FROM m_unit AS m
    JOIN m_event AS e ON e.id = m.event_id
    JOIN m_venue AS v ON v.id = m.venue_id
    LEFT JOIN before AS b ON b.u = m.u
    LEFT JOIN booking AS k ON k.u = m.u
    LEFT JOIN after AS a ON a.performance_id = m.performance_id;
