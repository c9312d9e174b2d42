-- configured_allocations_v1(configuration) -> every allocation of its sections, typed, in places.
-- What a section's given total leaves over goes to its pool (`ticket_type_id` null), made if missing.
-- `price_modifier` null: the ticket type's own.
CREATE FUNCTION {schema}.configured_allocations_v1(p_configuration jsonb)
RETURNS TABLE (
    ordinal integer, ticket_type_id uuid, allocated_capacity bigint, price_modifier numeric
)
LANGUAGE sql IMMUTABLE AS $$
    SELECT g.ordinal, g.ticket_type_id, sum(g.allocated_capacity)::bigint, max(g.price_modifier)
    FROM (
        SELECT s.ordinal::integer, (a ->> 'ticket_type_id')::uuid AS ticket_type_id,
               (a ->> 'allocated_capacity')::bigint AS allocated_capacity,
               (a ->> 'price_modifier')::numeric AS price_modifier
        FROM jsonb_array_elements(p_configuration -> 'sections') WITH ORDINALITY AS s (value, ordinal)
        CROSS JOIN LATERAL jsonb_array_elements(coalesce(s.value -> 'ticket_types', '[]')) AS a
        UNION ALL
        SELECT c.ordinal, NULL, c.total_capacity - c.allocated_capacity, NULL
        FROM {schema}.configured_sections_v1(p_configuration) AS c
        WHERE c.total_capacity > c.allocated_capacity
    ) AS g
    GROUP BY g.ordinal, g.ticket_type_id
$$;
