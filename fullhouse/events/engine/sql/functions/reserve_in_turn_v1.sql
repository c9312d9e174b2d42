-- reserve_in_turn_v1: serve requests of a batch one after another, in one transaction.
--
-- Everything that any of them may need is locked first, in the one order, so that no two batches wait
-- for each other. Quick requests (p_quick) that stand together still go in one go.
-- Answers a list of outcomes in the order of p_numbers. Locks: see lock_batch_v1.
CREATE FUNCTION {schema}.reserve_in_turn_v1(
    p_performance uuid, p_requests jsonb, p_numbers bigint[], p_quick bigint[]
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_number bigint;
    v_stretch bigint[] := '{}';
    v_answers jsonb := '[]';
BEGIN
    PERFORM {schema}.lock_batch_v1(p_performance, p_requests, p_numbers);
    FOREACH v_number IN ARRAY p_numbers LOOP
        IF v_number = ANY (p_quick) THEN
            v_stretch := v_stretch || v_number;
        ELSE
            v_answers := v_answers
                || {schema}.reserve_stretch_v1(p_performance, p_requests, v_stretch)
                || {schema}.reserve_batched_v1(
                    p_performance, p_requests -> (v_number - 1)::integer, false);
            v_stretch := '{}';
        END IF;
    END LOOP;
    RETURN v_answers || {schema}.reserve_stretch_v1(p_performance, p_requests, v_stretch);
END $$;
