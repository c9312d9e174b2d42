-- reserve_in_turn_v1: serve requests of a batch one after another, in one transaction.
--
-- Everything that any of them may need is locked first, in the one order, so that no two batches wait
-- for each other. Named seats that are free go in one go (reserve_seat_run_v1), and so do quick
-- requests (p_quick) that stand together.
-- Answers a list of outcomes in the order of p_numbers. Locks: see lock_batch_v1.
CREATE FUNCTION {schema}.reserve_in_turn_v1(
    p_performance uuid, p_requests jsonb, p_numbers bigint[], p_quick bigint[]
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_seated jsonb := '{}';
    v_others bigint[];
    v_number bigint;
    v_stretch bigint[] := '{}';
    v_answers jsonb := '[]';
BEGIN
    IF {schema}.lock_batch_v1(p_performance, p_requests, p_numbers)
            AND p_requests @? '$[*].requests[*].seat_id' THEN
        BEGIN
            v_seated := {schema}.reserve_seat_run_v1(p_performance, p_requests, p_numbers);
        EXCEPTION WHEN SQLSTATE 'FH001' OR unique_violation THEN
            v_seated := '{}';
        END;
    END IF;
    v_others := ARRAY(SELECT w.n FROM unnest(p_numbers) WITH ORDINALITY AS w (n, at)
                      WHERE NOT v_seated ? w.n::text ORDER BY w.at);
    FOREACH v_number IN ARRAY v_others LOOP
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
    v_answers := v_answers || {schema}.reserve_stretch_v1(p_performance, p_requests, v_stretch);
    RETURN (
        SELECT coalesce(jsonb_agg(coalesce(v_seated -> w.n::text,
            v_answers -> (array_position(v_others, w.n) - 1)) ORDER BY w.at), '[]')
        FROM unnest(p_numbers) WITH ORDINALITY AS w (n, at));
END $$;
