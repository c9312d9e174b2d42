-- reserve_stretch_v1: neighbouring quick requests of a mixed batch, under its locks: in one go where
-- that can be, else one by one. Answers a list of outcomes in the order of p_numbers.
CREATE FUNCTION {schema}.reserve_stretch_v1(
    p_performance uuid, p_requests jsonb, p_numbers bigint[]
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_answers jsonb;
    v_number bigint;
BEGIN
    IF p_numbers = '{}' THEN
        RETURN '[]';
    END IF;
    BEGIN
        v_answers := {schema}.reserve_run_v1(p_performance, p_requests, p_numbers, true);
    EXCEPTION WHEN SQLSTATE 'FH001' OR unique_violation THEN
        v_answers := NULL;
    END;
    IF v_answers IS NULL THEN
        v_answers := '[]';
        FOREACH v_number IN ARRAY p_numbers LOOP
            v_answers := v_answers || {schema}.reserve_batched_v1(
                p_performance, p_requests -> (v_number - 1)::integer, false);
        END LOOP;
    END IF;
    RETURN v_answers;
END $$;
