-- refunds_due_v1: what would have to be paid back if every sale of a performance were refunded now.
-- Returns {refunds[{reservation_id, reference, kind, places, amount, currency}], amounts {currency:
-- amount}}; amounts are text, by reservation and added up; comps were
-- not paid for. Reads only: before the cancelling it is
-- the preview, under its locks the list.
CREATE FUNCTION {schema}.refunds_due_v1(p_performance uuid) RETURNS jsonb
LANGUAGE sql VOLATILE AS $$
    WITH due AS MATERIALIZED (
        SELECT r.id, r.reference, r.kind, s.currency, sum(l.quantity) AS places,
               sum({schema}.line_amount_v1(l.unit_price, l.quantity, l.places_per_ticket)) AS amount
        FROM {schema}.events_reservation AS r
        JOIN {schema}.events_reservationline AS l
            ON l.performance_id = p_performance AND l.reservation_id = r.id AND l.status = 'sold'
        JOIN {schema}.events_sectiontickettype AS a
            ON a.performance_id = p_performance AND a.id = l.allocation_id
        JOIN {schema}.events_eventsection AS s
            ON s.performance_id = p_performance AND s.id = a.section_id
        WHERE r.performance_id = p_performance AND r.status = 'sold' AND r.kind <> 'comp'
        GROUP BY r.id, r.reference, r.kind, s.currency
    )
    SELECT jsonb_build_object(
        'refunds', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('reservation_id', id,
                'reference', reference, 'kind', kind, 'places', places, 'amount', amount::text,
                'currency', currency) ORDER BY id), '[]') FROM due),
        'amounts', (
            SELECT coalesce(jsonb_object_agg(currency, amount::text), '{}')
            FROM (SELECT currency, sum(amount) AS amount FROM due GROUP BY currency) AS total))
$$;
