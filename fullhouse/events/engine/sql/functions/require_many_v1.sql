-- require_many_v1: the shape of a batch. What is in its objects is each request's own matter.
-- 1000 requests: the locks of a call are held for some tens of milliseconds at most.
-- SQLSTATE: FH410 no performance; FH451 not a list of 1 to 1000 objects.
CREATE FUNCTION {schema}.require_many_v1(p_performance uuid, p_requests jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF p_performance IS NULL THEN
        RAISE EXCEPTION 'performance_id: is missing' USING ERRCODE = 'FH410';
    END IF;
    IF p_requests IS NULL OR jsonb_typeof(p_requests) <> 'array'
            OR jsonb_array_length(p_requests) NOT BETWEEN 1 AND 1000
            OR p_requests @? '$[*] ? (@.type() != "object")' THEN
        RAISE EXCEPTION 'requests: a list of 1 to 1000 objects' USING ERRCODE = 'FH451';
    END IF;
END $$;
