-- line_amount_v1: what `p_quantity` places of a line cost; p_unit_price is for one ticket.
-- Lines are whole tickets, so that this is exact. Twin: line_amount in domain/pricing.py.
CREATE FUNCTION {schema}.line_amount_v1(
    p_unit_price numeric, p_quantity integer, p_places_per_ticket integer
) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT p_unit_price * (p_quantity / p_places_per_ticket)
$$;
