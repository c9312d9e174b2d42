-- configured_sections_v1(configuration) -> its sections in order, typed; `total_capacity` is places.
-- Without a given total a section is as large as its ticket types together.
-- SQLSTATE 22xxx: a value is not what its column holds.
CREATE FUNCTION {schema}.configured_sections_v1(p_configuration jsonb)
RETURNS TABLE (
    ordinal integer, name text, name_key text, total_capacity bigint, allocated_capacity bigint,
    base_price numeric, currency text, orphan_rule boolean, focal_row_rank integer,
    focal_seat_rank integer
)
LANGUAGE sql IMMUTABLE AS $$
    SELECT s.ordinal::integer, btrim(s.value ->> 'name'), {schema}.name_key(s.value ->> 'name'),
           coalesce((s.value ->> 'total_capacity')::bigint, t.allocated_capacity),
           t.allocated_capacity, (s.value ->> 'base_price')::numeric,
           coalesce(s.value ->> 'currency', 'USD'),
           coalesce((s.value ->> 'orphan_rule')::boolean, false),
           (s.value ->> 'focal_row_rank')::integer, (s.value ->> 'focal_seat_rank')::integer
    FROM jsonb_array_elements(p_configuration -> 'sections') WITH ORDINALITY AS s (value, ordinal)
    CROSS JOIN LATERAL (
        SELECT coalesce(sum((a ->> 'allocated_capacity')::bigint), 0) AS allocated_capacity
        FROM jsonb_array_elements(coalesce(s.value -> 'ticket_types', '[]')) AS a
    ) AS t
$$;
