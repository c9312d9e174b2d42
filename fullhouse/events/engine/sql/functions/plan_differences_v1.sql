-- plan_differences_v1(performance, configuration) -> the seats that differ between the sections which
-- the performance has and those configured: one row a seat, `what` removed, added or updated (label in
-- another spelling, rank, position, flags). Seats are the same by section, row and number in any
-- spelling. A section that the performance's present plan has and the configuration has not loses all
-- its seats; one of neither is left alone; one that is new has no row here. Reads only.
CREATE FUNCTION {schema}.plan_differences_v1(p_performance uuid, p_configuration jsonb)
RETURNS TABLE (what text, seat_id uuid, section_id uuid, target jsonb)
LANGUAGE sql STABLE AS $$
    WITH section AS MATERIALIZED (
        SELECT * FROM {schema}.plan_sections_v1(p_performance, p_configuration)
    ), here AS MATERIALIZED (
        SELECT s.*, {schema}.name_key(s.row_number) AS row_key,
               {schema}.seat_key(s.seat_number) AS seat_key
        FROM {schema}.events_seat AS s JOIN section AS c ON c.section_id = s.section_id
        WHERE s.performance_id = p_performance
    ), wanted AS MATERIALIZED (
        SELECT t.*, c.section_id, {schema}.name_key(t.row_number) AS row_key,
               {schema}.seat_key(t.seat_number) AS seat_key
        FROM {schema}.configured_seats_v1(p_configuration) AS t
        JOIN section AS c ON c.ordinal = t.ordinal AND c.section_id IS NOT NULL
    )
    SELECT CASE WHEN w.ordinal IS NULL THEN 'removed' WHEN h.id IS NULL THEN 'added'
                ELSE 'updated' END,
           h.id, coalesce(h.section_id, w.section_id), to_jsonb(w) - '{row_key,seat_key}'::text[]
    FROM here AS h
    FULL JOIN wanted AS w
        ON w.section_id = h.section_id AND w.row_key = h.row_key AND w.seat_key = h.seat_key
    WHERE h.id IS NULL OR w.ordinal IS NULL
       OR (h.row_number, h.seat_number, h.row_rank, h.seat_rank, h.is_accessible, h.is_companion,
           h.is_premium, h.has_restricted_view, h.x, h.y)
          IS DISTINCT FROM
          (w.row_number, w.seat_number, w.row_rank, w.seat_rank, w.is_accessible, w.is_companion,
           w.is_premium, w.has_restricted_view, w.x, w.y)
$$;
