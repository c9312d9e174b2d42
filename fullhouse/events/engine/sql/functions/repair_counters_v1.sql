-- repair_counters_v1: an allocation whose ledger is that of its live lines gets the ledger's counters;
-- its places without a number are the available ones that are no free seat. One where this would be
-- below 0 is left. Returns its steps. Called with the performance locked whole, after ledger and seats
-- were mended; sizes of sections follow in repair_sums_v1.
CREATE FUNCTION {schema}.repair_counters_v1(p_performance uuid) RETURNS jsonb
LANGUAGE sql AS $$
    WITH differs AS MATERIALIZED (
        SELECT DISTINCT d.allocation_id FROM {schema}.repair_differences_v1(p_performance) AS d
    ), ledger AS MATERIALIZED (
        SELECT m.allocation_id,
               sum(m.quantity * ((m.to_state IS NOT DISTINCT FROM 'available')::integer
                   - (m.from_state IS NOT DISTINCT FROM 'available')::integer)) AS available,
               sum(m.quantity * ((m.to_state IS NOT DISTINCT FROM 'reserved')::integer
                   - (m.from_state IS NOT DISTINCT FROM 'reserved')::integer)) AS reserved,
               sum(m.quantity * ((m.to_state IS NOT DISTINCT FROM 'sold')::integer
                   - (m.from_state IS NOT DISTINCT FROM 'sold')::integer)) AS sold
        FROM {schema}.events_movement AS m
        WHERE m.performance_id = p_performance GROUP BY m.allocation_id
    ), wanted AS MATERIALIZED (
        SELECT a.id, to_jsonb(a) AS before, coalesce(g.available, 0) AS available,
               coalesce(g.reserved, 0) AS reserved, coalesce(g.sold, 0) AS sold,
               coalesce(g.available, 0) - (
                   SELECT count(*) FROM {schema}.events_seat AS s
                   WHERE s.performance_id = p_performance AND s.allocation_id = a.id
                     AND s.status = 'available') AS unseated
        FROM {schema}.events_sectiontickettype AS a
        LEFT JOIN ledger AS g ON g.allocation_id = a.id
        WHERE a.performance_id = p_performance
          AND a.id NOT IN (SELECT d.allocation_id FROM differs AS d)
    ), mended AS (
        UPDATE {schema}.events_sectiontickettype AS a
            SET allocated_capacity = w.available + w.reserved + w.sold,
                available_capacity = w.available, unseated_available = w.unseated,
                reserved_capacity = w.reserved, sold_capacity = w.sold
            FROM wanted AS w
            WHERE a.performance_id = p_performance AND a.id = w.id
              AND least(w.available, w.reserved, w.sold, w.unseated) >= 0
              AND (a.allocated_capacity, a.available_capacity, a.unseated_available,
                   a.reserved_capacity, a.sold_capacity)
                  <> (w.available + w.reserved + w.sold, w.available, w.unseated, w.reserved,
                      w.sold)
            RETURNING a.id, w.before, to_jsonb(a) AS after
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('rule', 'I6', 'table', 'events_sectiontickettype',
               'id', m.id, 'before', {schema}.counters_of(m.before),
               'after', {schema}.counters_of(m.after)) ORDER BY m.id), '[]')
    FROM mended AS m
$$;
