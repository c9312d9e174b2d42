-- tighten_rows_v1: what the rows of a section say of themselves, corrected in one pass.
--
-- For a search that meets many rows which were sold since anybody looked: reading all seats at once is
-- cheaper than row by row. Only ever lowers `longest`, to the longest run of seats that are not sold.
-- Locks: the section's seat rows that nobody has.
CREATE FUNCTION {schema}.tighten_rows_v1(p_performance uuid, p_section uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_rows integer[];
BEGIN
    SELECT array_agg(row_rank) INTO v_rows FROM (
        SELECT row_rank FROM {schema}.events_seatrow
            WHERE performance_id = p_performance AND section_id = p_section AND longest > 0
            FOR NO KEY UPDATE SKIP LOCKED) AS locked;
    -- A row with a mark keeps what it says: the mark is of seats that this statement may not see.
    UPDATE {schema}.events_seatrow AS r SET longest = seen.longest
        FROM (
            SELECT a.row_rank, coalesce(max(u.seats), 0) AS longest
            FROM unnest(v_rows) AS a (row_rank)
            LEFT JOIN (
                SELECT row_rank, count(*) AS seats
                FROM (SELECT s.row_rank, s.seat_rank - row_number() OVER (
                          PARTITION BY s.row_rank ORDER BY s.seat_rank, s.id) AS run
                      FROM {schema}.events_seat AS s
                      WHERE s.performance_id = p_performance AND s.section_id = p_section
                        AND s.status <> 'sold') AS numbered
                GROUP BY row_rank, run) AS u ON u.row_rank = a.row_rank
            GROUP BY a.row_rank) AS seen
        WHERE r.performance_id = p_performance AND r.section_id = p_section
          AND r.row_rank = seen.row_rank AND seen.longest < r.longest
          AND NOT EXISTS (
              SELECT FROM {schema}.events_seatrowmark AS m
              WHERE m.performance_id = p_performance AND m.section_id = p_section
                AND m.row_rank = r.row_rank);
END $$;
