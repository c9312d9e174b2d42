-- audit_sums_v1: the part of audit_v1 about sums: I1, I2, I3, I4, I7, and unseated places (I5).
CREATE FUNCTION {schema}.audit_sums_v1(p_performance uuid)
RETURNS TABLE (
    rule text, table_name text, id uuid, performance_id uuid, expected text, found text
)
LANGUAGE plpgsql STABLE
SET plan_cache_mode TO force_custom_plan AS $$
BEGIN
    RETURN QUERY
        SELECT 'I1', 'events_eventperformance', p.id, p.id,
               format('max_capacity at most %s, the places of venue %s', v.total_capacity, v.id),
               p.max_capacity::text
        FROM {schema}.events_eventperformance AS p
        JOIN {schema}.events_event AS e ON e.id = p.event_id
        JOIN {schema}.events_venue AS v ON v.id = e.venue_id
        WHERE (p_performance IS NULL OR p.id = p_performance) AND p.max_capacity > v.total_capacity;
    RETURN QUERY
        SELECT 'I2', 'events_eventperformance', p.id, p.id,
               format('max_capacity %s, the sum of its sections', coalesce(s.places, 0)),
               p.max_capacity::text
        FROM {schema}.events_eventperformance AS p
        LEFT JOIN (
            SELECT c.performance_id, sum(c.total_capacity) AS places
            FROM {schema}.events_eventsection AS c GROUP BY c.performance_id
        ) AS s ON s.performance_id = p.id
        WHERE (p_performance IS NULL OR p.id = p_performance)
          AND p.max_capacity <> coalesce(s.places, 0);
    RETURN QUERY
        SELECT f.rule, 'events_eventsection', s.id, s.performance_id, f.expected,
               s.total_capacity::text
        FROM {schema}.events_eventsection AS s
        LEFT JOIN (
            SELECT c.performance_id, c.section_id, sum(c.allocated_capacity) AS places,
                   sum(c.reserved_capacity + c.sold_capacity) AS committed
            FROM {schema}.events_sectiontickettype AS c
            WHERE p_performance IS NULL OR c.performance_id = p_performance GROUP BY 1, 2
        ) AS a ON a.performance_id = s.performance_id AND a.section_id = s.id
        CROSS JOIN LATERAL (VALUES
            ('I3', coalesce(a.places, 0) <> s.total_capacity,
             format('total_capacity %s, the sum of its allocations', coalesce(a.places, 0))),
            ('I7', coalesce(a.committed, 0) > s.total_capacity,
             format('total_capacity at least %s, reserved or sold', a.committed))
        ) AS f (rule, broken, expected)
        WHERE (p_performance IS NULL OR s.performance_id = p_performance) AND f.broken;
    RETURN QUERY
        SELECT f.rule, 'events_sectiontickettype', a.id, a.performance_id, f.expected, f.found
        FROM {schema}.events_sectiontickettype AS a
        CROSS JOIN LATERAL (VALUES
            ('I4', a.available_capacity + a.reserved_capacity + a.sold_capacity
                   <> a.allocated_capacity
                OR least(a.available_capacity, a.reserved_capacity, a.sold_capacity) < 0,
             format('allocated_capacity %s = available + reserved + sold, none below 0',
                    a.allocated_capacity),
             format('%s + %s + %s', a.available_capacity, a.reserved_capacity, a.sold_capacity)),
            ('I5', a.unseated_available NOT BETWEEN 0 AND a.available_capacity,
             format('unseated_available 0 to %s, the available places', a.available_capacity),
             a.unseated_available::text),
            ('I7', a.allocated_capacity < a.reserved_capacity + a.sold_capacity,
             format('allocated_capacity at least %s, reserved or sold',
                    a.reserved_capacity + a.sold_capacity), a.allocated_capacity::text)
        ) AS f (rule, broken, expected, found)
        WHERE (p_performance IS NULL OR a.performance_id = p_performance) AND f.broken;
END $$;
