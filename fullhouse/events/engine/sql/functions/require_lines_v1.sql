-- require_lines_v1: the shape of the p_lines of a refund, an exchange or a transfer.
-- SQLSTATE: FH420 not a list of objects with a line_id, empty, or more than 1000 lines;
-- FH421 a quantity that is not 1 to 100000; FH422 a line twice.
CREATE FUNCTION {schema}.require_lines_v1(p_lines jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_line jsonb;
    v_seen text[] := '{}';
BEGIN
    IF p_lines IS NULL THEN
        RETURN;
    END IF;
    IF jsonb_typeof(p_lines) <> 'array' OR jsonb_array_length(p_lines) NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'lines: a list of 1 to 1000 lines, or nothing for all of them'
            USING ERRCODE = 'FH420';
    END IF;
    FOR v_line IN SELECT jsonb_array_elements(p_lines) LOOP
        IF jsonb_typeof(v_line) <> 'object' OR (v_line ->> 'line_id') IS NULL THEN
            RAISE EXCEPTION 'lines: % has no line_id', v_line USING ERRCODE = 'FH420';
        END IF;
        IF (v_line ->> 'quantity') IS NOT NULL AND ((v_line ->> 'quantity') !~ '^[0-9]{1,6}$'
                OR (v_line ->> 'quantity')::integer NOT BETWEEN 1 AND 100000) THEN
            RAISE EXCEPTION 'quantity: 1 to 100000 places of a line, not %', v_line ->> 'quantity'
                USING ERRCODE = 'FH421';
        END IF;
        IF v_line ->> 'line_id' = ANY (v_seen) THEN
            RAISE EXCEPTION 'lines: % is given twice', v_line ->> 'line_id' USING ERRCODE = 'FH422';
        END IF;
        v_seen := v_seen || (v_line ->> 'line_id');
    END LOOP;
END $$;
