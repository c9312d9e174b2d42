-- counters_at_v1(performance, at) -> the counters of every allocation as they were at that instant,
-- folded from the ledger (I6); null: now. An allocation that had no movement yet is left out.
-- `unseated` are the available places without a numbered seat. For the present instant the answer is
-- exactly the live counters. A movement's instant is when it was decided; its commit follows within
-- milliseconds, so that the answer for the last moment may still grow.
-- Units: places. Reads only, one snapshot, no locks; some seconds for a million movements.
CREATE FUNCTION {schema}.counters_at_v1(p_performance uuid, p_at timestamptz DEFAULT NULL)
RETURNS TABLE (
    section_id uuid, allocation_id uuid, ticket_type_id uuid, allocated bigint, available bigint,
    unseated bigint, reserved bigint, sold bigint
)
LANGUAGE sql STABLE AS $$
    WITH folded AS MATERIALIZED (
        SELECT m.allocation_id,
               sum(m.quantity * ((m.to_state IS NOT DISTINCT FROM 'available')::integer
                   - (m.from_state IS NOT DISTINCT FROM 'available')::integer)) AS available,
               sum(m.quantity * ((m.to_state IS NOT DISTINCT FROM 'reserved')::integer
                   - (m.from_state IS NOT DISTINCT FROM 'reserved')::integer)) AS reserved,
               sum(m.quantity * ((m.to_state IS NOT DISTINCT FROM 'sold')::integer
                   - (m.from_state IS NOT DISTINCT FROM 'sold')::integer)) AS sold
        FROM {schema}.events_movement AS m
        WHERE m.performance_id = p_performance
          AND m.at <= coalesce(p_at, clock_timestamp())
        GROUP BY m.allocation_id
    ), free AS MATERIALIZED (
        SELECT s.allocation_id, count(*) AS seats
        FROM {schema}.seats_at_v1(p_performance, p_at) AS s
        WHERE s.status = 'available' GROUP BY s.allocation_id
    )
    SELECT a.section_id, f.allocation_id, a.ticket_type_id, f.available + f.reserved + f.sold,
           f.available, f.available - coalesce(n.seats, 0), f.reserved, f.sold
    FROM folded AS f
    LEFT JOIN {schema}.events_sectiontickettype AS a
        ON a.performance_id = p_performance AND a.id = f.allocation_id
    LEFT JOIN free AS n ON n.allocation_id = f.allocation_id
$$;
