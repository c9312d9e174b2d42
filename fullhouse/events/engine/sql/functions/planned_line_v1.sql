-- planned_line_v1: a line of a plan. Prices travel as text, so that no reader rounds them.
-- p_quantity: places; p_unit_price: of one ticket of p_places_per_ticket places. p_from_channel of the
-- places come from the sales channel that sells them; named only where there are any.
CREATE FUNCTION {schema}.planned_line_v1(
    p_allocation uuid, p_ticket_type uuid, p_seat uuid, p_quantity integer, p_unit_price numeric,
    p_places_per_ticket integer DEFAULT 1, p_from_channel integer DEFAULT 0
) RETURNS jsonb
LANGUAGE sql VOLATILE AS $$
    SELECT jsonb_build_object('id', {schema}.uuid7(), 'allocation_id', p_allocation,
        'ticket_type_id', p_ticket_type, 'seat_id', p_seat, 'quantity', p_quantity,
        'places_per_ticket', p_places_per_ticket, 'unit_price', p_unit_price::text)
        || CASE WHEN p_from_channel > 0
            THEN jsonb_build_object('from_channel', p_from_channel) ELSE '{}' END
$$;
