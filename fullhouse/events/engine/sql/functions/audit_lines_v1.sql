-- audit_lines_v1: the part of audit_v1 about reservations (I6): live lines add up to the counters;
-- a reservation's status is that of its live lines.
CREATE FUNCTION {schema}.audit_lines_v1(p_performance uuid)
RETURNS TABLE (
    rule text, table_name text, id uuid, performance_id uuid, expected text, found text
)
LANGUAGE plpgsql STABLE
SET plan_cache_mode TO force_custom_plan AS $$
BEGIN
    RETURN QUERY
        SELECT 'I6', 'events_sectiontickettype', a.id, a.performance_id,
               format('%s reserved, %s sold: its lines', coalesce(l.reserved, 0), coalesce(l.sold, 0)),
               format('%s reserved, %s sold', a.reserved_capacity, a.sold_capacity)
        FROM {schema}.events_sectiontickettype AS a
        LEFT JOIN (
            SELECT c.allocation_id,
                   coalesce(sum(c.quantity) FILTER (WHERE c.status = 'reserved'), 0) AS reserved,
                   coalesce(sum(c.quantity) FILTER (WHERE c.status = 'sold'), 0) AS sold
            FROM {schema}.events_reservationline AS c
            WHERE c.status IN ('reserved', 'sold')
              AND (p_performance IS NULL OR c.performance_id = p_performance)
            GROUP BY c.allocation_id
        ) AS l ON l.allocation_id = a.id
        WHERE (p_performance IS NULL OR a.performance_id = p_performance)
          AND (a.reserved_capacity, a.sold_capacity)
              <> (coalesce(l.reserved, 0), coalesce(l.sold, 0));
    RETURN QUERY
        SELECT 'I6', 'events_reservation', r.id, r.performance_id,
               CASE WHEN r.status IN ('reserved', 'sold')
                    THEN format('live lines, all %s', r.status) ELSE 'no live line' END,
               format('%s: %s line(s) reserved, %s sold', r.status, coalesce(l.reserved, 0),
                      coalesce(l.sold, 0))
        FROM {schema}.events_reservation AS r
        LEFT JOIN (
            SELECT c.reservation_id, count(*) FILTER (WHERE c.status = 'reserved') AS reserved,
                   count(*) FILTER (WHERE c.status = 'sold') AS sold
            FROM {schema}.events_reservationline AS c
            WHERE c.status IN ('reserved', 'sold')
              AND (p_performance IS NULL OR c.performance_id = p_performance)
            GROUP BY c.reservation_id
        ) AS l ON l.reservation_id = r.id
        WHERE (p_performance IS NULL OR r.performance_id = p_performance)
          AND (coalesce(l.reserved, 0) > 0, coalesce(l.sold, 0) > 0)
              <> (r.status = 'reserved', r.status = 'sold');
END $$;
