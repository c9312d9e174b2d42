-- reserve_mixed_v1: well-formed requests of any form, in order, each as reserve_v1 would serve it.
--
-- A key that is known, or that an earlier request of the batch has, is answered at the end: it moves
-- nothing. A performance that is closed says so to all at once.
-- Answers a list of outcomes. Locks: the keys, sorted; then see lock_batch_v1.
CREATE FUNCTION {schema}.reserve_mixed_v1(p_performance uuid, p_requests jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_keys text[];
    v_work bigint[];
    v_quick bigint[];
    v_done jsonb;
    v_closed jsonb := {schema}.closed_refusal_v1(p_performance);
    v_again jsonb := '{}';
BEGIN
    v_keys := {schema}.claim_keys_v1(p_performance, p_requests);
    SELECT coalesce(array_agg(f.n ORDER BY f.n), '{}'),
           coalesce(array_agg(f.n) FILTER (WHERE f.quick), '{}') INTO v_work, v_quick
        FROM (SELECT DISTINCT ON (coalesce('key ' || i.key, i.n::text)) i.n, i.quick
              FROM {schema}.batch_items_v1(p_requests) AS i
              WHERE i.key IS NULL OR i.key = ANY (v_keys)
              ORDER BY coalesce('key ' || i.key, i.n::text), i.n) AS f;
    IF v_closed ? 'outcome' THEN
        SELECT coalesce(jsonb_agg(v_closed), '[]') INTO v_done FROM unnest(v_work);
    ELSE
        v_done := {schema}.reserve_in_turn_v1(p_performance, p_requests, v_work, v_quick);
    END IF;
    PERFORM {schema}.keep_answers_v1(p_performance, p_requests, v_keys, v_work, v_done);
    FOR v_at IN 1..jsonb_array_length(p_requests) LOOP
        IF v_at <> ALL (v_work) THEN
            v_again := v_again || jsonb_build_object(v_at, {schema}.reserve_batched_v1(
                p_performance, p_requests -> (v_at - 1), true));
        END IF;
    END LOOP;
    RETURN (
        SELECT jsonb_agg(coalesce(v_again -> n::text,
            v_done -> array_position(v_work, n::bigint) - 1) ORDER BY n)
        FROM generate_series(1, jsonb_array_length(p_requests)) AS n);
END $$;
