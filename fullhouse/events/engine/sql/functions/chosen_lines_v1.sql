-- chosen_lines_v1: which live lines a refund, an exchange or a transfer means, how many places of
-- each, and what they cost.
--
-- p_status: the locked reservation's status, sold or reserved; its live lines have the same.
-- p_lines: see require_lines_v1; NULL is all of them. Part of a line is whole tickets.
-- p_otherwise: the code that says a line is not live any more (not_sold, not_live).
-- Returns {"lines": [{line_id, quantity, amount}], "amount", "currency"} with amounts as text, or a
-- refusal: unknown {what, id} | not_sold, not_live {reservation_id, line, status}
-- | too_many {line, held, wanted} | part_of_ticket {line, places_per_ticket, wanted}. Reads only.
CREATE FUNCTION {schema}.chosen_lines_v1(
    p_performance uuid, p_reservation uuid, p_status text, p_lines jsonb, p_otherwise text
) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_refusal jsonb;
BEGIN
    SELECT CASE
            WHEN l.id IS NULL THEN
                jsonb_build_object('outcome', 'unknown', 'what', 'line', 'id', w.line_id)
            WHEN l.status <> p_status THEN jsonb_build_object('outcome', p_otherwise,
                'reservation_id', p_reservation, 'line', l.id, 'status', l.status)
            WHEN w.quantity > l.quantity THEN jsonb_build_object('outcome', 'too_many',
                'line', l.id, 'held', l.quantity, 'wanted', w.quantity)
            ELSE jsonb_build_object('outcome', 'part_of_ticket', 'line', l.id,
                'places_per_ticket', l.places_per_ticket, 'wanted', w.quantity)
        END
        INTO v_refusal
        FROM ROWS FROM (jsonb_to_recordset(p_lines) AS (line_id uuid, quantity integer))
            WITH ORDINALITY AS w (line_id, quantity, n)
        LEFT JOIN {schema}.events_reservationline AS l
            ON l.performance_id = p_performance AND l.id = w.line_id
            AND l.reservation_id = p_reservation
        WHERE l.id IS NULL OR l.status <> p_status OR w.quantity > l.quantity
           OR w.quantity < l.quantity AND w.quantity % l.places_per_ticket <> 0
        ORDER BY w.n LIMIT 1;
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    RETURN (
        SELECT jsonb_build_object('currency', min(c.currency), 'amount', sum(c.amount)::text,
            'lines', jsonb_agg(jsonb_build_object('line_id', c.id, 'quantity', c.quantity,
                'amount', c.amount::text) ORDER BY c.id))
        FROM (
            SELECT l.id, s.currency, coalesce(w.quantity, l.quantity) AS quantity,
                   {schema}.line_amount_v1(l.unit_price, coalesce(w.quantity, l.quantity),
                       l.places_per_ticket) AS amount
            FROM {schema}.events_reservationline AS l
            JOIN {schema}.events_sectiontickettype AS a
                ON a.performance_id = p_performance AND a.id = l.allocation_id
            JOIN {schema}.events_eventsection AS s
                ON s.performance_id = p_performance AND s.id = a.section_id
            LEFT JOIN jsonb_to_recordset(p_lines) AS w (line_id uuid, quantity integer)
                ON w.line_id = l.id
            WHERE l.performance_id = p_performance AND l.reservation_id = p_reservation
              AND l.status = p_status AND (p_lines IS NULL OR w.line_id IS NOT NULL)
        ) AS c);
END $$;
