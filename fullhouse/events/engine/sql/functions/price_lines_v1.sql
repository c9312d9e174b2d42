-- price_lines_v1: chosen lines of a reservation that sets places aside, priced as a reserve of the same
-- places would be now; p_lines may name the ticket_type_id as which a line is sold.
-- Returns what reserve_plan_v1 returns: the plan, or the refusal. Reads only.
CREATE FUNCTION {schema}.price_lines_v1(
    p_performance uuid, p_reservation uuid, p_chosen jsonb, p_lines jsonb
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_requests jsonb;
BEGIN
    SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('seat_id', g.seat_id,
            'allocation_id', CASE WHEN g.seat_id IS NULL THEN g.allocation_id END,
            'ticket_type_id', g.ticket_type_id, 'quantity', g.quantity)))
        INTO v_requests FROM (
        SELECT l.seat_id, l.allocation_id, sum(c.quantity) AS quantity,
               coalesce(w.ticket_type_id, l.ticket_type_id) AS ticket_type_id
            FROM jsonb_to_recordset(p_chosen) AS c (line_id uuid, quantity integer)
            JOIN {schema}.events_reservationline AS l
                ON l.performance_id = p_performance AND l.id = c.line_id
            LEFT JOIN jsonb_to_recordset(p_lines) AS w (line_id uuid, ticket_type_id uuid)
                ON w.line_id = l.id
            GROUP BY l.seat_id, l.allocation_id, coalesce(w.ticket_type_id, l.ticket_type_id)
            ORDER BY min(l.id::text)) AS g;
    RETURN (SELECT {schema}.reserve_plan_v1(
            p_performance, p.event_id, v_requests, ARRAY[p_reservation])
        FROM {schema}.events_eventperformance AS p WHERE p.id = p_performance);
END $$;
