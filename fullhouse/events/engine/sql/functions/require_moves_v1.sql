-- require_moves_v1: the shape of reseat's p_moves.
-- 1000 moves: the locks of a call are held for some tens of milliseconds at most.
-- SQLSTATE: FH490 not a list of 1 to 1000 objects with a line_id and a seat_id; FH491 a line or a
-- seat twice.
CREATE FUNCTION {schema}.require_moves_v1(p_moves jsonb) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    v_twice text;
BEGIN
    IF p_moves IS NULL OR jsonb_typeof(p_moves) <> 'array'
            OR jsonb_array_length(p_moves) NOT BETWEEN 1 AND 1000
            OR EXISTS (SELECT FROM jsonb_array_elements(p_moves) AS m (move)
                WHERE jsonb_typeof(move) <> 'object' OR move ->> 'line_id' IS NULL
                   OR move ->> 'seat_id' IS NULL) THEN
        RAISE EXCEPTION 'moves: a list of 1 to 1000 lines, each with the seat it goes to'
            USING ERRCODE = 'FH490';
    END IF;
    SELECT min(named) INTO v_twice FROM (
        SELECT named FROM jsonb_array_elements(p_moves) AS m (move),
            LATERAL (VALUES (move ->> 'line_id'), (move ->> 'seat_id')) AS n (named)
        GROUP BY named HAVING count(*) > 1) AS twice;
    IF v_twice IS NOT NULL THEN
        RAISE EXCEPTION 'moves: % is given twice', v_twice USING ERRCODE = 'FH491';
    END IF;
END $$;
