-- repair_rows_v1: looks again at the rows of seats that the audit finds fault with, and makes those that
-- are missing. What is known of rows is derived from the seats: no place moves. Returns its steps.
-- Called with the performance locked whole, after the seats were mended.
CREATE FUNCTION {schema}.repair_rows_v1(p_performance uuid) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_row record;
    v_steps jsonb := '[]';
BEGIN
    FOR v_row IN
        SELECT DISTINCT s.section_id, s.row_rank, r.longest
        FROM {schema}.audit_rows_v1(p_performance) AS f
        JOIN {schema}.events_seat AS s
            ON s.performance_id = p_performance AND s.section_id = f.id
        LEFT JOIN {schema}.events_seatrow AS r
            ON r.performance_id = p_performance AND r.section_id = s.section_id
           AND r.row_rank = s.row_rank
        WHERE f.expected LIKE format('row %s has%%', s.row_rank)
        ORDER BY s.section_id, s.row_rank
    LOOP
        IF v_row.longest IS NULL THEN
            INSERT INTO {schema}.events_seatrow (performance_id, section_id, row_rank)
                VALUES (p_performance, v_row.section_id, v_row.row_rank);
        END IF;
        PERFORM {schema}.recheck_seat_row_v1(p_performance, v_row.section_id, v_row.row_rank);
        v_steps := v_steps || jsonb_build_object('rule', 'rows', 'table', 'events_seatrow',
            'id', v_row.section_id,
            'before', jsonb_build_object('row_rank', v_row.row_rank, 'longest', v_row.longest),
            'after', (SELECT jsonb_build_object('row_rank', r.row_rank, 'longest', r.longest)
                      FROM {schema}.events_seatrow AS r
                      WHERE r.performance_id = p_performance
                        AND r.section_id = v_row.section_id AND r.row_rank = v_row.row_rank));
    END LOOP;
    RETURN v_steps;
END $$;
