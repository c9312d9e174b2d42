-- grow_unseated_v1: one allocation has `p_change` free places without a number more (or, below 0,
-- fewer), with its movement. Called with the allocation locked.
CREATE FUNCTION {schema}.grow_unseated_v1(
    p_performance uuid, p_allocation uuid, p_change integer, p_actor text, p_reason text
) RETURNS void
LANGUAGE sql AS $$
    SELECT {schema}.record_places_v1(p_performance, p_allocation, '{}', p_change, 'change_plan',
        p_actor, p_reason);
    UPDATE {schema}.events_sectiontickettype
        SET allocated_capacity = allocated_capacity + p_change,
            available_capacity = available_capacity + p_change,
            unseated_available = unseated_available + p_change
        WHERE performance_id = p_performance AND id = p_allocation;
$$;
