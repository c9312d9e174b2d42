-- audit_rows_v1: the part of audit_v1 about rows of seats: each row is known, and none is said to have
-- less room than it has, so that best available refuses nothing falsely. Its rule is named `rows`.
CREATE FUNCTION {schema}.audit_rows_v1(p_performance uuid)
RETURNS TABLE (
    rule text, table_name text, id uuid, performance_id uuid, expected text, found text
)
LANGUAGE plpgsql STABLE
SET plan_cache_mode TO force_custom_plan AS $$
BEGIN
    RETURN QUERY
        WITH free AS (
            SELECT s.performance_id, s.section_id, s.row_rank,
                   s.seat_rank - row_number() OVER (
                       PARTITION BY s.section_id, s.row_rank ORDER BY s.seat_rank, s.id) AS run
            FROM {schema}.events_seat AS s
            WHERE (p_performance IS NULL OR s.performance_id = p_performance)
              AND s.status = 'available'
        ), longest AS (
            SELECT r.performance_id, r.section_id, r.row_rank, max(r.seats) AS seats
            FROM (SELECT f.performance_id, f.section_id, f.row_rank, count(*) AS seats
                  FROM free AS f GROUP BY 1, 2, 3, f.run) AS r
            GROUP BY 1, 2, 3
        )
        SELECT 'rows', 'events_seatrow', l.section_id, l.performance_id,
               format('row %s has room for %s or more', l.row_rank, l.seats),
               coalesce(r.longest::text, 'no such row')
        FROM longest AS l
        LEFT JOIN {schema}.events_seatrow AS r
            ON r.performance_id = l.performance_id AND r.section_id = l.section_id
            AND r.row_rank = l.row_rank
        WHERE r.longest IS NULL OR (r.longest < l.seats AND r.recheck_at > clock_timestamp()
            AND NOT EXISTS (
                SELECT FROM {schema}.events_seatrowmark AS m
                WHERE m.performance_id = l.performance_id AND m.section_id = l.section_id
                  AND m.row_rank = l.row_rank));
END $$;
