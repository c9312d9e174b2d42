-- planned_line_v1: a line of a plan. Prices travel as text, so that no reader rounds them.
CREATE FUNCTION {schema}.planned_line_v1(
    p_allocation uuid, p_ticket_type uuid, p_seat uuid, p_quantity integer, p_unit_price numeric
) RETURNS jsonb
LANGUAGE sql VOLATILE AS $$
    SELECT jsonb_build_object('id', {schema}.uuid7(), 'allocation_id', p_allocation,
        'ticket_type_id', p_ticket_type, 'seat_id', p_seat, 'quantity', p_quantity,
        'unit_price', p_unit_price::text)
$$;
