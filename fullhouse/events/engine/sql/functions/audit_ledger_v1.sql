-- audit_ledger_v1: the part of audit_v1 about the ledger (I6): folded by allocation it gives the
-- counters, by seat the seat's status, by reservation its live places.
CREATE FUNCTION {schema}.audit_ledger_v1(p_performance uuid)
RETURNS TABLE (
    rule text, table_name text, id uuid, performance_id uuid, expected text, found text
)
LANGUAGE plpgsql STABLE
SET plan_cache_mode TO force_custom_plan AS $$
BEGIN
    RETURN QUERY
        SELECT 'I6', 'events_sectiontickettype', coalesce(a.id, m.allocation_id),
               coalesce(a.performance_id, m.performance_id),
               format('%s available, %s reserved, %s sold: the ledger', coalesce(m.available, 0),
                      coalesce(m.reserved, 0), coalesce(m.sold, 0)),
               CASE WHEN a.id IS NULL THEN 'no such allocation' ELSE
                   format('%s available, %s reserved, %s sold', a.available_capacity,
                          a.reserved_capacity, a.sold_capacity) END
        FROM (
            SELECT c.* FROM {schema}.events_sectiontickettype AS c
            WHERE p_performance IS NULL OR c.performance_id = p_performance
        ) AS a
        FULL JOIN (
            SELECT c.performance_id, c.allocation_id,
                   sum(c.quantity * ((c.to_state IS NOT DISTINCT FROM 'available')::integer
                       - (c.from_state IS NOT DISTINCT FROM 'available')::integer)) AS available,
                   sum(c.quantity * ((c.to_state IS NOT DISTINCT FROM 'reserved')::integer
                       - (c.from_state IS NOT DISTINCT FROM 'reserved')::integer)) AS reserved,
                   sum(c.quantity * ((c.to_state IS NOT DISTINCT FROM 'sold')::integer
                       - (c.from_state IS NOT DISTINCT FROM 'sold')::integer)) AS sold
            FROM {schema}.events_movement AS c
            WHERE p_performance IS NULL OR c.performance_id = p_performance GROUP BY 1, 2
        ) AS m ON m.performance_id = a.performance_id AND m.allocation_id = a.id
        WHERE (coalesce(a.available_capacity, 0), coalesce(a.reserved_capacity, 0),
               coalesce(a.sold_capacity, 0))
           <> (coalesce(m.available, 0), coalesce(m.reserved, 0), coalesce(m.sold, 0));
    RETURN QUERY
        SELECT 'I6', 'events_seat', coalesce(s.id, m.seat_id),
               coalesce(s.performance_id, m.performance_id),
               format('%s reserved, %s sold: the ledger', coalesce(m.reserved, 0),
                      coalesce(m.sold, 0)),
               coalesce(s.status, 'no such seat')::text
        FROM (
            SELECT t.id, t.performance_id, t.status FROM {schema}.events_seat AS t
            WHERE t.status <> 'available'
              AND (p_performance IS NULL OR t.performance_id = p_performance)
        ) AS s
        FULL JOIN (
            SELECT c.performance_id, c.seat_id,
                   sum((c.to_state IS NOT DISTINCT FROM 'reserved')::integer
                       - (c.from_state IS NOT DISTINCT FROM 'reserved')::integer) AS reserved,
                   sum((c.to_state IS NOT DISTINCT FROM 'sold')::integer
                       - (c.from_state IS NOT DISTINCT FROM 'sold')::integer) AS sold
            FROM {schema}.events_movement AS c
            WHERE c.seat_id IS NOT NULL
              AND (p_performance IS NULL OR c.performance_id = p_performance)
            GROUP BY 1, 2
        ) AS m ON m.performance_id = s.performance_id AND m.seat_id = s.id
        WHERE (coalesce(m.reserved, 0), coalesce(m.sold, 0)) <>
              ((s.status IS NOT DISTINCT FROM 'reserved')::integer,
               (s.status IS NOT DISTINCT FROM 'sold')::integer);
    RETURN QUERY
        SELECT 'I6', 'events_reservation', coalesce(m.reservation_id, l.reservation_id),
               coalesce(m.performance_id, l.performance_id),
               format('%s reserved, %s sold: the ledger', coalesce(m.reserved, 0),
                      coalesce(m.sold, 0)),
               format('%s reserved, %s sold: its lines', coalesce(l.reserved, 0),
                      coalesce(l.sold, 0))
        FROM (
            SELECT c.performance_id, c.reservation_id,
                   sum(c.quantity * ((c.to_state IS NOT DISTINCT FROM 'reserved')::integer
                       - (c.from_state IS NOT DISTINCT FROM 'reserved')::integer)) AS reserved,
                   sum(c.quantity * ((c.to_state IS NOT DISTINCT FROM 'sold')::integer
                       - (c.from_state IS NOT DISTINCT FROM 'sold')::integer)) AS sold
            FROM {schema}.events_movement AS c
            WHERE c.reservation_id IS NOT NULL
              AND (p_performance IS NULL OR c.performance_id = p_performance)
            GROUP BY 1, 2
        ) AS m
        FULL JOIN (
            SELECT c.performance_id, c.reservation_id,
                   sum(c.quantity) FILTER (WHERE c.status = 'reserved') AS reserved,
                   sum(c.quantity) FILTER (WHERE c.status = 'sold') AS sold
            FROM {schema}.events_reservationline AS c
            WHERE c.status IN ('reserved', 'sold')
              AND (p_performance IS NULL OR c.performance_id = p_performance)
            GROUP BY 1, 2
        ) AS l ON l.performance_id = m.performance_id AND l.reservation_id = m.reservation_id
        WHERE (coalesce(m.reserved, 0), coalesce(m.sold, 0))
           <> (coalesce(l.reserved, 0), coalesce(l.sold, 0));
END $$;
