-- decide_run_v1: which requests of a run (reserve_run_v1) are refused, first come, first served. Each
-- is decided as if those before it had been served: a refused large request does not block later
-- small ones.
--
-- refused, sorted by place, and parallel to it the places that were left then. NULL when a request
-- needs the general way: it is not plain (plain_items_v1), or places are short while a section's pool
-- has some, or while holds past their deadline could be in the way.
-- Reads only, locks nothing.
CREATE FUNCTION {schema}.decide_run_v1(
    p_performance uuid, p_requests jsonb, p_numbers bigint[], p_now timestamptz,
    OUT refused bigint[], OUT lefts integer[]
)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_leaf record;
    v_left integer;
    v_refused bigint[] := '{}';
    v_lefts integer[] := '{}';
BEGIN
    FOR v_leaf IN
        SELECT i.place_id, min(i.free) AS free, sum(i.quantity) AS wanted,
               array_agg(i.n ORDER BY i.n) AS numbers, bool_or(i.spare) AS spare,
               array_agg(i.quantity ORDER BY i.n) AS quantities
        FROM {schema}.plain_items_v1(p_performance, p_requests, p_now) AS i
        WHERE p_numbers IS NULL OR i.n = ANY (p_numbers)
        GROUP BY i.place_id ORDER BY i.place_id NULLS FIRST
    LOOP
        IF v_leaf.place_id IS NULL OR v_leaf.spare AND v_leaf.wanted > v_leaf.free THEN
            RETURN;
        END IF;
        CONTINUE WHEN v_leaf.wanted <= v_leaf.free;
        v_left := v_leaf.free;
        FOR v_at IN 1..cardinality(v_leaf.numbers) LOOP
            IF v_leaf.quantities[v_at] <= v_left THEN
                v_left := v_left - v_leaf.quantities[v_at];
            ELSE
                v_refused := v_refused || v_leaf.numbers[v_at];
                v_lefts := v_lefts || v_left;
            END IF;
        END LOOP;
    END LOOP;
    IF v_refused <> '{}' AND EXISTS (
            SELECT FROM {schema}.events_reservation WHERE performance_id = p_performance
                AND status = 'reserved' AND expires_at <= p_now) THEN
        RETURN;
    END IF;
    refused := v_refused;
    lefts := v_lefts;
END $$;
