-- counters_of(allocation row as jsonb) -> its five counters alone.
CREATE FUNCTION {schema}.counters_of(p_row jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(p_row) AS e
    WHERE e.key IN ('allocated_capacity', 'available_capacity', 'unseated_available',
                    'reserved_capacity', 'sold_capacity')
$$;
