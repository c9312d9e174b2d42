-- ticket_shares_v1: seats that together make one ticket share its price exactly.
--
-- p_lines: planned lines in the order asked, a seat sold as a type of several places at the price of a
-- whole ticket. Each `places_per_ticket` seats of one allocation sold as one type are a ticket. Its
-- price is split in the currency's minor unit, the first of them has the rest; each seat's line then
-- is one place with a price of its own. Reads nothing.
-- Returns {"lines", "total"} or the refusal not_whole_tickets {ticket_type_id, allocation_id,
-- quantity, places_per_ticket}.
CREATE FUNCTION {schema}.ticket_shares_v1(p_lines jsonb, p_currency text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    v_wrong jsonb;
BEGIN
    SELECT jsonb_build_object('outcome', 'not_whole_tickets', 'ticket_type_id', l.ticket_type_id,
            'allocation_id', l.allocation_id, 'quantity', count(*),
            'places_per_ticket', l.places_per_ticket)
        INTO v_wrong
        FROM jsonb_to_recordset(p_lines) AS l (allocation_id uuid, ticket_type_id uuid, seat_id uuid,
            places_per_ticket integer)
        WHERE l.seat_id IS NOT NULL
        GROUP BY l.allocation_id, l.ticket_type_id, l.places_per_ticket
        HAVING count(*) % l.places_per_ticket <> 0
        ORDER BY l.allocation_id, l.ticket_type_id LIMIT 1;
    IF v_wrong IS NOT NULL THEN
        RETURN v_wrong;
    END IF;
    RETURN (
        SELECT jsonb_build_object(
            'total', sum(CASE WHEN s.seated THEN s.part ELSE s.price * s.quantity / s.size END)::text,
            'lines', jsonb_agg(CASE WHEN s.seated THEN s.line || jsonb_build_object(
                'places_per_ticket', 1, 'unit_price', s.part::text) ELSE s.line END ORDER BY s.n))
        FROM (
            SELECT l.*, CASE WHEN (row_number() OVER (PARTITION BY l.line -> 'allocation_id',
                           l.line -> 'ticket_type_id', l.seated ORDER BY l.n) - 1) % l.size = 0
                       THEN l.price - (l.size - 1) * l.share ELSE l.share END AS part
            FROM (
                SELECT e.n, e.line, f.*, CASE WHEN f.size = 1 THEN f.price
                           ELSE trunc(f.price / f.size, {schema}.minor_units(p_currency)) END AS share
                FROM jsonb_array_elements(p_lines) WITH ORDINALITY AS e (line, n)
                CROSS JOIN LATERAL (SELECT (e.line ->> 'places_per_ticket')::integer AS size,
                    (e.line ->> 'quantity')::integer AS quantity,
                    (e.line ->> 'unit_price')::numeric AS price,
                    (e.line ->> 'seat_id') IS NOT NULL AS seated) AS f
            ) AS l
        ) AS s);
END $$;
