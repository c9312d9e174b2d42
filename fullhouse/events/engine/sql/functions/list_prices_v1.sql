-- list_prices_v1: what one place of each line of a reservation costs by its section, allocation and seat,
-- whatever the line says. Returns {"lines": [{id, unit_price}], "total", "currency"}; currency is null and
-- "currencies" names them where there are several. Reads only.
CREATE FUNCTION {schema}.list_prices_v1(p_performance uuid, p_reservation uuid) RETURNS jsonb
LANGUAGE sql VOLATILE AS $$
    SELECT jsonb_build_object(
        'lines', jsonb_agg(jsonb_build_object('id', p.id, 'unit_price', p.price::text)),
        'total', sum(p.price * p.quantity)::text,
        'currency', CASE WHEN count(DISTINCT p.currency) = 1 THEN min(p.currency) END,
        'currencies', jsonb_agg(DISTINCT p.currency))
    FROM (
        SELECT l.id, l.quantity, c.currency, coalesce(s.price,
                   {schema}.final_price(c.base_price, a.price_modifier, c.currency)) AS price
        FROM {schema}.events_reservationline AS l
        JOIN {schema}.events_sectiontickettype AS a
            ON a.performance_id = p_performance AND a.id = l.allocation_id
        JOIN {schema}.events_eventsection AS c
            ON c.performance_id = p_performance AND c.id = a.section_id
        LEFT JOIN {schema}.events_seat AS s
            ON s.performance_id = p_performance AND s.id = l.seat_id
        WHERE l.performance_id = p_performance AND l.reservation_id = p_reservation) AS p
$$;
