-- keep_answers_v1: remember a batch's answers under the keys that claim_keys_v1 has claimed.
-- p_done is parallel to p_work, the numbers of the requests that were served. A key of a request
-- that could not be meant is given back, as its reserve_v1 would have raised.
CREATE FUNCTION {schema}.keep_answers_v1(
    p_performance uuid, p_requests jsonb, p_keys text[], p_work bigint[], p_done jsonb
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF p_keys = '{}' THEN
        RETURN;
    END IF;
    UPDATE {schema}.events_operation AS o SET outcome = p_done -> (w.at - 1)::integer
        FROM unnest(p_work) WITH ORDINALITY AS w (n, at)
        WHERE o.performance_id = p_performance
          AND o.key = p_requests -> (w.n - 1)::integer ->> 'key';
    DELETE FROM {schema}.events_operation
        WHERE performance_id = p_performance AND key = ANY (p_keys)
          AND outcome ->> 'outcome' = 'invalid';
END $$;
