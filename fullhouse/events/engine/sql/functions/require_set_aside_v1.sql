-- require_set_aside_v1: places to be set aside: unseated ones by allocation, named seats, and why.
-- SQLSTATE FH440.
CREATE FUNCTION {schema}.require_set_aside_v1(
    p_allocations uuid[], p_quantities integer[], p_seats uuid[], p_reason text
) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    PERFORM {schema}.require_places_v1(p_seats, p_reason, true);
    IF cardinality(p_allocations) IS DISTINCT FROM cardinality(p_quantities)
            OR array_position(p_allocations, NULL) IS NOT NULL
            OR (SELECT count(DISTINCT a) FROM unnest(p_allocations) AS a)
                <> coalesce(cardinality(p_allocations), 0) THEN
        RAISE EXCEPTION 'allocation_ids: each once, with one quantity each' USING ERRCODE = 'FH440';
    ELSIF EXISTS (SELECT FROM unnest(p_quantities) AS q WHERE q IS NULL OR q < 1) THEN
        RAISE EXCEPTION 'quantities: % must be at least 1 place each', p_quantities
            USING ERRCODE = 'FH440';
    ELSIF coalesce(cardinality(p_allocations), 0) + coalesce(cardinality(p_seats), 0) = 0 THEN
        RAISE EXCEPTION 'seat_ids: name at least one place' USING ERRCODE = 'FH440';
    END IF;
END $$;
