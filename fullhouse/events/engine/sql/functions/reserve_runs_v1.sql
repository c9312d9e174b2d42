-- reserve_runs_v1: a batch of quick requests, all in one go: without locks, then, if that lost a
-- race, under the allocations' locks, the keys claimed before them: who has the hot row must not wait
-- for a key, whose owner may be waiting for the row. Answers a list of outcomes; NULL when it needs
-- reserve_mixed_v1, and then nothing is written and nothing locked.
-- Locks: the keys; allocations by id.
CREATE FUNCTION {schema}.reserve_runs_v1(p_performance uuid, p_requests jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_answers jsonb;
    v_keys text[] := '{}';
    v_general boolean := false;
BEGIN
    IF p_requests @? '$[*].requests[*].seat_id' THEN
        RETURN NULL;
    END IF;
    FOR v_attempt IN 1..2 LOOP
        BEGIN
            IF v_attempt = 2 THEN
                v_keys := {schema}.claim_keys_v1(p_performance, p_requests);
                v_general := cardinality(v_keys) < (
                    SELECT count(i.key) FROM {schema}.batch_items_v1(p_requests) AS i);
                PERFORM 1 FROM {schema}.events_sectiontickettype
                    WHERE performance_id = p_performance AND NOT v_general AND id IN (
                        SELECT i.place_id FROM {schema}.plain_items_v1(
                            p_performance, p_requests, clock_timestamp()) AS i)
                    ORDER BY id FOR NO KEY UPDATE;
            END IF;
            IF NOT v_general THEN
                v_answers := {schema}.reserve_run_v1(
                    p_performance, p_requests, NULL, v_attempt = 2);
            END IF;
            IF v_answers IS NULL THEN
                v_general := true;
                RAISE EXCEPTION 'undo the locks' USING ERRCODE = 'FH001';
            END IF;
            IF v_keys <> '{}' THEN
                PERFORM {schema}.keep_answers_v1(p_performance, p_requests, v_keys,
                    ARRAY(SELECT generate_series(1, jsonb_array_length(p_requests))::bigint),
                    v_answers);
            END IF;
        EXCEPTION
            WHEN SQLSTATE 'FH001' OR unique_violation THEN
                v_answers := NULL;
            WHEN data_exception THEN
                v_answers := NULL;
                v_general := true;
        END;
        EXIT WHEN v_general OR v_answers IS NOT NULL;
    END LOOP;
    RETURN v_answers;
END $$;
