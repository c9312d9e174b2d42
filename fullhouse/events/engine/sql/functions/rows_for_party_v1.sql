-- rows_for_party_v1: the rows of a section whose own numbers say that they may do for a party.
-- That is: room for p_seats or a reason to look again, one of the allocations, enough wheelchair places.
-- Inlined into the caller's query, which orders them. Reads only, locks nothing.
CREATE FUNCTION {schema}.rows_for_party_v1(
    p_performance uuid, p_section uuid, p_seats integer, p_allocations uuid[], p_accessible integer
) RETURNS TABLE (row_rank integer)
LANGUAGE sql STABLE AS $$
    SELECT r.row_rank FROM {schema}.events_seatrow AS r
    WHERE r.performance_id = p_performance AND r.section_id = p_section
      AND (r.longest >= p_seats AND coalesce(r.allocations && p_allocations, true)
               AND coalesce(r.accessible >= p_accessible, true)
           OR r.recheck_at <= clock_timestamp()
           OR r.row_rank IN (
               SELECT m.row_rank FROM {schema}.events_seatrowmark AS m
               WHERE m.performance_id = p_performance AND m.section_id = p_section))
$$;
