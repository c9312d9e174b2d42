-- own_allocation_v1: the allocation whose own places, sold as its own type, a request of a reserve asks
-- for first: the one that is named without a type, or that of the named section's named type. Null
-- where there is none, or a seat is named. Reads only.
CREATE FUNCTION {schema}.own_allocation_v1(p_performance uuid, p_request jsonb) RETURNS uuid
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN p_request ->> 'allocation_id' IS NOT NULL AND p_request ->> 'ticket_type_id' IS NULL
            THEN (p_request ->> 'allocation_id')::uuid
        WHEN p_request ->> 'section_id' IS NOT NULL AND p_request ->> 'ticket_type_id' IS NOT NULL
            THEN (SELECT id FROM {schema}.events_sectiontickettype
                  WHERE performance_id = p_performance
                    AND section_id = (p_request ->> 'section_id')::uuid
                    AND ticket_type_id = (p_request ->> 'ticket_type_id')::uuid)
    END
$$;
