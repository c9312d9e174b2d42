-- plan_configuration_refusal_v1: why a configuration cannot be this performance's house, or null. The
-- refusals of open_performance_v1 but for sections that are there already (they are to be changed)
-- and for the venue (checked when the new sum is known).
CREATE FUNCTION {schema}.plan_configuration_refusal_v1(
    p_performance uuid, p_configuration jsonb, p_event uuid
) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    -- No performance has the null id: nothing is there already, and no venue is too small.
    SELECT {schema}.open_performance_refusal_v1(NULL, p_configuration, p_event, 2147483647, 0)
$$;
