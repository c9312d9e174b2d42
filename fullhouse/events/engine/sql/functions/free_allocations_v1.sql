-- free_allocations_v1: the counters follow the movements of one cancelling, told by time and operation.
-- The caller has locked the allocations.
CREATE FUNCTION {schema}.free_allocations_v1(
    p_performance uuid, p_at timestamptz, p_operation text
) RETURNS void
LANGUAGE sql AS $$
    UPDATE {schema}.events_sectiontickettype AS a
        SET allocated_capacity = a.allocated_capacity - m.outside,
            available_capacity = a.available_capacity + m.places - m.outside,
            unseated_available = a.unseated_available + m.unseated,
            reserved_capacity = a.reserved_capacity - m.reserved,
            sold_capacity = a.sold_capacity - (m.places - m.reserved)
        FROM (
            SELECT c.allocation_id, sum(c.quantity) AS places,
                   coalesce(sum(c.quantity) FILTER (WHERE c.to_state IS NULL), 0) AS outside,
                   coalesce(sum(c.quantity) FILTER (WHERE c.from_state = 'reserved'), 0) AS reserved,
                   coalesce(sum(c.quantity) FILTER (
                       WHERE c.seat_id IS NULL AND c.to_state IS NOT NULL), 0) AS unseated
            FROM {schema}.events_movement AS c
            WHERE c.performance_id = p_performance AND c.at = p_at AND c.operation = p_operation
            GROUP BY c.allocation_id) AS m
        WHERE a.performance_id = p_performance AND a.id = m.allocation_id
$$;
