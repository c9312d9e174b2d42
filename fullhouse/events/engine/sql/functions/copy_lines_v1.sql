-- copy_lines_v1: the lines that chosen_lines_v1 chose as new lines of the same types and prices.
-- Returns {"lines": [as in reserve_plan_v1], "currency", "total"}. Reads only.
CREATE FUNCTION {schema}.copy_lines_v1(p_performance uuid, p_chosen jsonb) RETURNS jsonb
LANGUAGE sql VOLATILE AS $$
    SELECT jsonb_build_object('currency', p_chosen -> 'currency', 'total', p_chosen -> 'amount',
        'lines', jsonb_agg(jsonb_build_object('id', {schema}.uuid7(),
            'allocation_id', l.allocation_id, 'ticket_type_id', l.ticket_type_id,
            'seat_id', l.seat_id, 'quantity', c.quantity, 'unit_price', l.unit_price::text,
            'places_per_ticket', l.places_per_ticket) ORDER BY l.id))
    FROM jsonb_to_recordset(p_chosen -> 'lines') AS c (line_id uuid, quantity integer)
    JOIN {schema}.events_reservationline AS l
        ON l.performance_id = p_performance AND l.id = c.line_id
$$;
