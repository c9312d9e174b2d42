-- audit_v1(performance) -> findings: proves I1 to I7 and that ledger = counters = lines = seats, for
-- one performance or all (null). No row: everything adds up. A row names what is broken:
-- rule, table, id, its performance, what was expected, what was found.
-- Holds past their deadline are no finding. STABLE: one snapshot for all parts, so that it can run
-- beside sales. Set-based: some seconds for a million seats. Locks: none.
CREATE FUNCTION {schema}.audit_v1(p_performance uuid DEFAULT NULL)
RETURNS TABLE (
    rule text, table_name text, id uuid, performance_id uuid, expected text, found text
)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT * FROM {schema}.audit_sums_v1(p_performance);
    RETURN QUERY SELECT * FROM {schema}.audit_seats_v1(p_performance);
    RETURN QUERY SELECT * FROM {schema}.audit_lines_v1(p_performance);
    RETURN QUERY SELECT * FROM {schema}.audit_ledger_v1(p_performance);
    RETURN QUERY SELECT * FROM {schema}.audit_waiting_v1(p_performance);
    RETURN QUERY SELECT * FROM {schema}.audit_rows_v1(p_performance);
    RETURN QUERY SELECT * FROM {schema}.audit_rules_v1(p_performance);
END $$;
