-- audit_seats_v1: the part of audit_v1 about numbered seats (I5): free seats are the available places
-- that are not unseated; a seat's status is that of its one live line; a line's seat is of the line's
-- own performance and allocation.
CREATE FUNCTION {schema}.audit_seats_v1(p_performance uuid)
RETURNS TABLE (
    rule text, table_name text, id uuid, performance_id uuid, expected text, found text
)
LANGUAGE plpgsql STABLE
SET plan_cache_mode TO force_custom_plan AS $$
BEGIN
    RETURN QUERY
        SELECT 'I5', 'events_sectiontickettype', a.id, a.performance_id,
               format('%s free seats: %s available places, %s of them unseated',
                      a.available_capacity - a.unseated_available, a.available_capacity,
                      a.unseated_available),
               coalesce(s.free, 0)::text
        FROM {schema}.events_sectiontickettype AS a
        LEFT JOIN (
            SELECT t.allocation_id, count(*) AS free FROM {schema}.events_seat AS t
            WHERE t.status = 'available'
              AND (p_performance IS NULL OR t.performance_id = p_performance)
            GROUP BY t.allocation_id
        ) AS s ON s.allocation_id = a.id
        WHERE (p_performance IS NULL OR a.performance_id = p_performance)
          AND a.available_capacity - a.unseated_available <> coalesce(s.free, 0);
    RETURN QUERY
        SELECT 'I5', 'events_seat', coalesce(t.id, l.seat_id),
               coalesce(t.performance_id, l.performance_id),
               CASE WHEN l.lines > 1 THEN 'in one live line at most'
                    ELSE 'status ' || coalesce(l.status, 'available') || ', as its live line' END,
               CASE WHEN l.lines > 1 THEN format('in %s: %s', l.lines, l.named)
                    ELSE coalesce(t.status, 'no such seat')::text END
        FROM (
            SELECT s.id, s.performance_id, s.status FROM {schema}.events_seat AS s
            WHERE p_performance IS NULL OR s.performance_id = p_performance
        ) AS t
        FULL JOIN (
            SELECT c.seat_id, min(c.performance_id::text)::uuid AS performance_id,
                   count(*) AS lines, min(c.status) AS status,
                   CASE WHEN count(*) > 1 THEN string_agg(c.id::text, ', ' ORDER BY c.id) END AS named
            FROM {schema}.events_reservationline AS c
            WHERE c.seat_id IS NOT NULL AND c.status IN ('reserved', 'sold')
              AND (p_performance IS NULL OR c.performance_id = p_performance)
            GROUP BY c.seat_id
        ) AS l ON l.seat_id = t.id
        WHERE l.lines > 1 OR coalesce(l.status, 'available') IS DISTINCT FROM t.status;
    RETURN QUERY
        SELECT 'I5', 'events_reservationline', l.id, l.performance_id,
               format('a seat of allocation %s, performance %s', l.allocation_id, l.performance_id),
               format('seat %s of allocation %s, performance %s', s.id, s.allocation_id,
                      s.performance_id)
        FROM {schema}.events_reservationline AS l
        JOIN {schema}.events_seat AS s ON s.id = l.seat_id
        WHERE (p_performance IS NULL OR l.performance_id = p_performance)
          AND l.status IN ('reserved', 'sold')
          AND (s.performance_id, s.allocation_id) IS DISTINCT FROM (l.performance_id, l.allocation_id);
END $$;
