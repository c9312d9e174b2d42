-- Capacity: what `ticket_capacities`, `max_capacity` and `current_capacity` say against the places.
INSERT INTO m_anomaly
SELECT m.performance_id, 'ticket_capacities_unreadable', coalesce(left(e.key, 200), ''), '[]', 1,
       jsonb_build_object('value', coalesce(e.value, m.raw_capacities))
    FROM m_unit AS m
    LEFT JOIN LATERAL jsonb_each(
        CASE WHEN jsonb_typeof(m.capacities) = 'object' THEN m.capacities END) AS e (key, value)
        ON true
    WHERE m.raw_capacities IS NOT NULL AND (jsonb_typeof(m.capacities) IS DISTINCT FROM 'object'
        OR e.key IS NOT NULL AND pg_temp.m_places(e.value) IS NULL);

INSERT INTO m_anomaly
SELECT m.performance_id, 'ticket_capacities_encoded_twice', '', '[]', 1,
       jsonb_build_object('value', m.raw_capacities)
    FROM m_unit AS m
    WHERE jsonb_typeof(m.raw_capacities) = 'string' AND jsonb_typeof(m.capacities) = 'object';

INSERT INTO m_anomaly
SELECT m.performance_id, 'ticket_capacities_unknown_key', left(e.key, 200), '[]', 1,
       jsonb_build_object('places', pg_temp.m_places(e.value))
    FROM m_unit AS m
    CROSS JOIN LATERAL jsonb_each(m.capacities) AS e (key, value)
    LEFT JOIN m_type_key AS k ON k.event_id = m.event_id AND k.key = {schema}.name_key(e.key)
    WHERE jsonb_typeof(m.capacities) = 'object' AND k.type IS NULL;

INSERT INTO m_anomaly
SELECT m.performance_id, CASE WHEN m.seated THEN 'ticket_capacities_differ'
           ELSE 'ticket_capacities_over_house' END, '', '[]', 1,
       jsonb_build_object('parts', e.places, 'max_capacity', m.max_capacity, 'seats', z.seats)
    FROM m_unit AS m
    CROSS JOIN LATERAL (SELECT sum(pg_temp.m_places(x.value)) AS places
                        FROM jsonb_each(m.capacities) AS x (key, value)
                        WHERE jsonb_typeof(m.capacities) = 'object') AS e
    LEFT JOIN (SELECT u, sum(seats) AS seats FROM m_size GROUP BY u) AS y ON y.u = m.u
    CROSS JOIN LATERAL (SELECT coalesce(y.seats, 0) AS seats) AS z
    WHERE jsonb_typeof(m.capacities) = 'object'
      AND (m.seated AND e.places <> z.seats OR NOT m.seated AND e.places > m.max_capacity);

INSERT INTO m_anomaly
SELECT m.performance_id, k.kind, '', '[]', 1,
       jsonb_build_object('max_capacity', m.max_capacity, 'current_capacity', m.current_capacity,
           'places', w.max_capacity, 'used', a.used, 'seats', a.seats)
    FROM m_unit AS m
    JOIN want_performance AS w ON w.id = m.performance_id
    LEFT JOIN (
        SELECT u, sum(quantity) AS used, sum(quantity) FILTER (WHERE status = 'sold') AS sold
            FROM m_line GROUP BY u
    ) AS l ON l.u = m.u
    LEFT JOIN (
        SELECT u, sum(seats) AS seats, sum(places) AS capacity FROM m_size GROUP BY u
    ) AS z ON z.u = m.u
    CROSS JOIN LATERAL (
        SELECT coalesce(l.used, 0) AS used, coalesce(l.sold, 0) AS sold,
               coalesce(z.seats, 0) AS seats, coalesce(z.capacity, 0) AS capacity
    ) AS a
    CROSS JOIN LATERAL (
        SELECT 'capacity_mismatch' AS kind WHERE m.max_capacity IS DISTINCT FROM w.max_capacity
        UNION ALL
        SELECT 'current_capacity_wrong' WHERE coalesce(m.current_capacity, -1)
            NOT IN (a.used, a.sold, w.max_capacity - a.used, w.max_capacity - a.sold)
        UNION ALL
        SELECT 'performance_empty' WHERE NOT m.seated AND a.capacity = 0
        UNION ALL
        SELECT 'performance_without_seats' WHERE NOT m.seated AND a.capacity > 0
    ) AS k;

INSERT INTO m_anomaly
SELECT m.performance_id, 'venue_too_small', left(v.name, 200), jsonb_build_array(v.id), 1,
       jsonb_build_object('venue_capacity', v.total_capacity, 'places', w.max_capacity)
    FROM m_unit AS m
    JOIN want_performance AS w ON w.id = m.performance_id
    JOIN m_venue AS v ON v.id = m.venue_id
    WHERE w.max_capacity > coalesce(v.total_capacity, 0);

INSERT INTO m_anomaly
SELECT m.performance_id, 'places_overbooked', x.name,
       to_jsonb((array_agg(DISTINCT l.booking_id) FILTER (WHERE l.booking_id IS NOT NULL))[1:100]),
       sum(l.quantity), jsonb_build_object('sold', sum(l.quantity) FILTER (WHERE l.status = 'sold'),
           'held', sum(l.quantity) FILTER (WHERE l.status = 'reserved'))
    FROM m_line AS l
    JOIN m_unit AS m ON m.u = l.u
    JOIN m_section AS x ON x.u = l.u AND x.s = l.s
    WHERE l.overbooked
    GROUP BY m.performance_id, x.name;
