-- reserve_run_v1: many quick requests of a batch in one go, first come, first served.
--
-- p_numbers: which of p_requests (batch_items_v1), sorted; NULL: all of them. Each is decided as if
-- those before it had been served: a refused large request does not block later small ones.
-- Answers a list of outcomes; NULL when a request needs the general way, and then nothing is
-- written: it is not plain (plain_items_v1), or places are short while a section's pool has some, or
-- while holds past their deadline could be in the way.
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
    v_leaf record;
    v_left integer;
    v_refused bigint[] := '{}';
    v_lefts integer[] := '{}';
    v_allocations uuid[] := '{}';
    v_places integer[] := '{}';
    v_answers jsonb;
BEGIN
    FOR v_leaf IN
        SELECT i.place_id, min(i.free) AS free, sum(i.quantity) AS wanted,
               array_agg(i.n ORDER BY i.n) AS numbers, bool_or(i.spare) AS spare,
               array_agg(i.quantity ORDER BY i.n) AS quantities
        FROM {schema}.plain_items_v1(p_performance, p_requests, v_now) AS i
        WHERE p_numbers IS NULL OR i.n = ANY (p_numbers)
        GROUP BY i.place_id ORDER BY i.place_id NULLS FIRST
    LOOP
        IF v_leaf.place_id IS NULL OR v_leaf.spare AND v_leaf.wanted > v_leaf.free THEN
            RETURN NULL;
        END IF;
        v_left := v_leaf.free - least(v_leaf.free, v_leaf.wanted);
        IF v_leaf.wanted > v_leaf.free THEN
            v_left := v_leaf.free;
            FOR v_at IN 1..cardinality(v_leaf.numbers) LOOP
                IF v_leaf.quantities[v_at] <= v_left THEN
                    v_left := v_left - v_leaf.quantities[v_at];
                ELSE
                    v_refused := v_refused || v_leaf.numbers[v_at];
                    v_lefts := v_lefts || v_left;
                END IF;
            END LOOP;
        END IF;
        IF v_left < v_leaf.free THEN
            v_allocations := v_allocations || v_leaf.place_id;
            v_places := v_places || (v_leaf.free - v_left);
        END IF;
    END LOOP;
    IF v_refused <> '{}' AND EXISTS (
            SELECT FROM {schema}.events_reservation WHERE performance_id = p_performance
                AND status = 'reserved' AND expires_at <= v_now) THEN
        RETURN NULL;
    END IF;
    v_answers := {schema}.write_run_v1(
        p_performance, p_requests, p_numbers, v_now, v_refused, v_lefts, p_claimed);
    FOR v_at IN 1..cardinality(v_allocations) LOOP
        UPDATE {schema}.events_sectiontickettype
            SET available_capacity = available_capacity - v_places[v_at],
                unseated_available = unseated_available - v_places[v_at],
                reserved_capacity = reserved_capacity + v_places[v_at]
            WHERE performance_id = p_performance AND id = v_allocations[v_at]
              AND unseated_available >= v_places[v_at];
        IF NOT FOUND THEN
            RAISE EXCEPTION 'an allocation went short' USING ERRCODE = 'FH001';
        END IF;
    END LOOP;
    RETURN v_answers;
END $$;
