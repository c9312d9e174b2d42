-- customer_tickets_v1: how many tickets of a type (null: of any) a customer holds or has bought in this
-- performance. Not counted: holds past their deadline, what was given for nothing or kept by the house,
-- and the reservation p_without. Seats of a type of several places are a ticket for each so many.
-- Reads only; under lock_customer_v1 nobody else can add to it.
CREATE FUNCTION {schema}.customer_tickets_v1(
    p_performance uuid, p_customer text, p_type uuid, p_without uuid
) RETURNS integer
LANGUAGE sql VOLATILE AS $$
    SELECT coalesce(sum(ceil(t.places::numeric / t.size)), 0)::integer
    FROM (
        SELECT CASE WHEN l.seat_id IS NULL THEN l.places_per_ticket
                   ELSE coalesce(y.places_per_ticket, 1) END AS size, sum(l.quantity) AS places
        FROM {schema}.events_reservation AS r
        JOIN {schema}.events_reservationline AS l
            ON l.performance_id = p_performance AND l.reservation_id = r.id
            AND l.status IN ('reserved', 'sold')
        LEFT JOIN {schema}.events_tickettype AS y ON y.id = l.ticket_type_id
        WHERE r.performance_id = p_performance AND r.customer = p_customer AND r.customer <> ''
          AND r.kind IN ('sale', 'legacy', 'offer') AND r.id IS DISTINCT FROM p_without
          AND (r.status = 'sold' OR r.status = 'reserved'
              AND coalesce(r.expires_at > clock_timestamp(), true))
          AND (p_type IS NULL OR l.ticket_type_id = p_type)
        GROUP BY l.ticket_type_id, 1
    ) AS t
$$;
