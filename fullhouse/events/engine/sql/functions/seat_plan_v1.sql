-- seat_plan_v1(performance) -> jsonb: the numbered seats of a performance, by column, in their order.
-- The n-th seat of the order is ordinal n, from 0, as long as plan_version stays: section position,
-- section id, row_rank, seat_rank, seat id. `flags`: a letter a seat, the sum of 1 accessible, 2 companion,
-- 4 premium, 8 restricted view as a hexadecimal digit. x, y: the plan's units, or null.
-- Locks: none; one statement, one snapshot.
-- Outcomes: found {plan_version, count, sections: [{id, name, seats}], ids, rows, numbers, row_ranks,
--   seat_ranks, xs, ys: lists, flags: text}; unknown {what, id}.
CREATE FUNCTION {schema}.seat_plan_v1(p_performance uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH seat AS MATERIALIZED (
        SELECT t.*, row_number() OVER (
                   ORDER BY s.position, s.id, t.row_rank, t.seat_rank, t.id) AS n
        FROM {schema}.events_seat AS t
        JOIN {schema}.events_eventsection AS s
            ON s.performance_id = p_performance AND s.id = t.section_id
        WHERE t.performance_id = p_performance
    ), seen AS MATERIALIZED (
        SELECT section_id, count(*) AS seats, min(n) AS first FROM seat GROUP BY section_id
    )
    SELECT coalesce((
        SELECT jsonb_build_object('outcome', 'found', 'plan_version', p.plan_version,
            'sections', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'id', s.id, 'name', s.name, 'seats', c.seats) ORDER BY c.first), '[]')
                FROM seen AS c JOIN {schema}.events_eventsection AS s
                    ON s.performance_id = p_performance AND s.id = c.section_id))
            || (SELECT jsonb_build_object('count', count(*),
                    'ids', coalesce(jsonb_agg(id ORDER BY n), '[]'),
                    'rows', coalesce(jsonb_agg(row_number ORDER BY n), '[]'),
                    'numbers', coalesce(jsonb_agg(seat_number ORDER BY n), '[]'),
                    'row_ranks', coalesce(jsonb_agg(row_rank ORDER BY n), '[]'),
                    'seat_ranks', coalesce(jsonb_agg(seat_rank ORDER BY n), '[]'),
                    'xs', coalesce(jsonb_agg(x ORDER BY n), '[]'),
                    'ys', coalesce(jsonb_agg(y ORDER BY n), '[]'),
                    'flags', coalesce(string_agg(to_hex(is_accessible::integer
                        + 2 * is_companion::integer + 4 * is_premium::integer
                        + 8 * has_restricted_view::integer), '' ORDER BY n), ''))
                FROM seat)
        FROM {schema}.events_eventperformance AS p WHERE p.id = p_performance),
        jsonb_build_object('outcome', 'unknown', 'what', 'performance', 'id', p_performance))
$$;
