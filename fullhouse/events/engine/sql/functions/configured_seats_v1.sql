-- configured_seats_v1(configuration) -> its numbered seats with their ranks, in the order given.
-- A seat that names no ticket type belongs to its section's only allocation, or to the pool.
-- Without ranks of their own (a section gives all or none) rows rank by the first seat of each, seats
-- within their row, both from 1. Neighbours are one apart; a jump in rank is an aisle.
CREATE FUNCTION {schema}.configured_seats_v1(p_configuration jsonb)
RETURNS TABLE (
    ordinal integer, row_number text, seat_number text, ticket_type_id uuid, price numeric,
    is_accessible boolean, is_companion boolean, is_premium boolean, has_restricted_view boolean,
    x double precision, y double precision, row_rank integer, seat_rank integer
)
LANGUAGE sql IMMUTABLE AS $$
    WITH seat AS MATERIALIZED (
        SELECT s.ordinal::integer, t.place, t.value,
               coalesce(t.value ->> 'row_number', '') AS row_number,
               min(t.place) OVER (
                   PARTITION BY s.ordinal, coalesce(t.value ->> 'row_number', '')) AS row_place
        FROM jsonb_array_elements(p_configuration -> 'sections') WITH ORDINALITY AS s (value, ordinal)
        CROSS JOIN LATERAL jsonb_array_elements(coalesce(s.value -> 'seats', '[]'))
            WITH ORDINALITY AS t (value, place)
    ), sole AS MATERIALIZED (
        SELECT a.ordinal, (array_agg(a.ticket_type_id))[1] AS ticket_type_id
        FROM {schema}.configured_allocations_v1(p_configuration) AS a
        GROUP BY a.ordinal HAVING count(*) = 1
    )
    SELECT seat.ordinal, seat.row_number, seat.value ->> 'seat_number',
           coalesce((seat.value ->> 'ticket_type_id')::uuid, sole.ticket_type_id),
           (seat.value ->> 'price')::numeric,
           coalesce((seat.value ->> 'is_accessible')::boolean, false),
           coalesce((seat.value ->> 'is_companion')::boolean, false),
           coalesce((seat.value ->> 'is_premium')::boolean, false),
           coalesce((seat.value ->> 'has_restricted_view')::boolean, false),
           (seat.value ->> 'x')::double precision, (seat.value ->> 'y')::double precision,
           coalesce((seat.value ->> 'row_rank')::integer,
               dense_rank() OVER (PARTITION BY seat.ordinal ORDER BY seat.row_place)::integer),
           coalesce((seat.value ->> 'seat_rank')::integer, (row_number() OVER (
               PARTITION BY seat.ordinal, seat.row_number ORDER BY seat.place))::integer)
    FROM seat LEFT JOIN sole ON sole.ordinal = seat.ordinal
$$;
