-- reserve_run_v1: many quick requests of a batch in one go, first come, first served.
--
-- p_numbers: which of p_requests (batch_items_v1), sorted; NULL: all of them. Where there are places
-- for all of them they are written at once; else decide_run_v1 tells who is refused.
-- Answers a list of outcomes; NULL when a request needs the general way, and then nothing is written.
-- The look is without locks unless the caller has locked the allocations; the conditional UPDATE of
-- the hot row, last, is the check.
-- p_claimed: the caller keeps the answers under the idempotency keys; else they are written here.
-- Locks: allocations by id, last.
-- SQLSTATE FH001: a race was lost, 23505: a reference or a key is taken; the caller rolls back.
CREATE FUNCTION {schema}.reserve_run_v1(
    p_performance uuid, p_requests jsonb, p_numbers bigint[], p_claimed boolean
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_decided record;
    v_run record;
BEGIN
    v_run := {schema}.write_run_v1(
        p_performance, p_requests, p_numbers, v_now, NULL, NULL, p_claimed);
    IF v_run.answers IS NULL THEN
        v_decided := {schema}.decide_run_v1(p_performance, p_requests, p_numbers, v_now);
        IF v_decided.refused IS NULL THEN
            RETURN NULL;
        END IF;
        v_run := {schema}.write_run_v1(p_performance, p_requests, p_numbers, v_now,
            v_decided.refused, v_decided.lefts, p_claimed);
    END IF;
    FOR v_at IN 1..coalesce(cardinality(v_run.places), 0) LOOP
        UPDATE {schema}.events_sectiontickettype
            SET available_capacity = available_capacity - v_run.quantities[v_at],
                unseated_available = unseated_available - v_run.quantities[v_at],
                reserved_capacity = reserved_capacity + v_run.quantities[v_at]
            WHERE performance_id = p_performance AND id = v_run.places[v_at]
              AND unseated_available >= v_run.quantities[v_at];
        IF NOT FOUND THEN
            RAISE EXCEPTION 'an allocation went short' USING ERRCODE = 'FH001';
        END IF;
    END LOOP;
    RETURN v_run.answers;
END $$;
