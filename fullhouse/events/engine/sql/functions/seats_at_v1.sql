-- seats_at_v1(performance, at) -> the numbered seats that there were at that instant, each with its
-- allocation and state; null: now. From the ledger: a seat's movements fold to its state. A seat made
-- with its allocation has no movement of its making, so it is there from the allocation's first one
-- on; one that was added later has one. One that was taken away since is here by its id alone.
-- Reads only, one snapshot, no locks.
CREATE FUNCTION {schema}.seats_at_v1(p_performance uuid, p_at timestamptz DEFAULT NULL)
RETURNS TABLE (seat_id uuid, allocation_id uuid, status text)
LANGUAGE sql STABLE AS $$
    WITH instant AS MATERIALIZED (
        SELECT coalesce(p_at, clock_timestamp()) AS at
    ), opened AS MATERIALIZED (
        SELECT m.allocation_id, min(m.at) AS at FROM {schema}.events_movement AS m
        WHERE m.performance_id = p_performance GROUP BY m.allocation_id
    ), moved AS MATERIALIZED (
        SELECT m.seat_id, m.at, m.allocation_id, m.from_state, m.to_state, i.at >= m.at AS past,
               min(m.at) OVER (PARTITION BY m.seat_id) AS first_at
        FROM {schema}.events_movement AS m CROSS JOIN instant AS i
        WHERE m.performance_id = p_performance AND m.seat_id IS NOT NULL
    ), folded AS MATERIALIZED (
        SELECT m.seat_id,
               -- made by a movement of its own, not moved over from another allocation
               sum((m.from_state IS NULL)::integer - (m.to_state IS NULL)::integer)
                   FILTER (WHERE m.at = m.first_at) > 0 AS added,
               coalesce(sum((m.from_state IS NULL)::integer - (m.to_state IS NULL)::integer)
                   FILTER (WHERE m.past), 0) AS made,
               coalesce(sum((m.to_state IS NOT DISTINCT FROM 'reserved')::integer
                   - (m.from_state IS NOT DISTINCT FROM 'reserved')::integer)
                   FILTER (WHERE m.past), 0) AS reserved,
               coalesce(sum((m.to_state IS NOT DISTINCT FROM 'sold')::integer
                   - (m.from_state IS NOT DISTINCT FROM 'sold')::integer)
                   FILTER (WHERE m.past), 0) AS sold,
               coalesce(
                   (array_agg(m.allocation_id ORDER BY m.at DESC)
                       FILTER (WHERE m.past AND m.from_state IS NULL))[1],
                   (array_agg(m.allocation_id ORDER BY m.at)
                       FILTER (WHERE NOT m.past AND m.to_state IS NULL))[1],
                   (array_agg(m.allocation_id))[1]) AS allocation_id
        FROM moved AS m GROUP BY m.seat_id
    )
    SELECT coalesce(s.id, f.seat_id), coalesce(f.allocation_id, s.allocation_id),
           CASE WHEN f.sold > 0 THEN 'sold' WHEN f.reserved > 0 THEN 'reserved'
                ELSE 'available' END
    FROM (SELECT t.id, t.allocation_id FROM {schema}.events_seat AS t
          WHERE t.performance_id = p_performance) AS s
    FULL JOIN folded AS f ON f.seat_id = s.id
    JOIN opened AS o ON o.allocation_id = coalesce(f.allocation_id, s.allocation_id)
    CROSS JOIN instant AS i
    WHERE CASE WHEN f.added THEN f.made > 0 ELSE coalesce(f.made, 0) = 0 AND o.at <= i.at END
$$;
