-- passed_over_v1: why best available refused: how many rows would not do, by reason.
-- p_untold: the reasons of rows that were looked at and whose own numbers do not tell; the others
-- are counted here: too_short, other_type, not_accessible. Returns {reason: rows}.
CREATE FUNCTION {schema}.passed_over_v1(
    p_performance uuid, p_event uuid, p_party jsonb, p_untold text[]
) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH passed AS (
        SELECT CASE WHEN r.longest < (p_party ->> 'quantity')::integer THEN 'too_short'
                    WHEN NOT r.allocations && p.allocations THEN 'other_type'
                    WHEN r.accessible < coalesce((p_party ->> 'accessible')::integer, 0)
                        THEN 'not_accessible' END AS reason
        FROM {schema}.party_places_v1(p_performance, p_event, p_party) AS p
        JOIN {schema}.events_seatrow AS r
            ON r.performance_id = p_performance AND r.section_id = p.section_id
        UNION ALL SELECT unnest(p_untold)
    )
    SELECT coalesce(jsonb_object_agg(reason, rows), '{}')
        FROM (SELECT reason, count(*) AS rows FROM passed
              WHERE reason IS NOT NULL GROUP BY reason) AS counted
$$;
