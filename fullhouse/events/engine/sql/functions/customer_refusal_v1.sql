-- customer_refusal_v1: whether a customer has more tickets than a rule allows now that a reservation
-- has come to him, or null. The caller undoes that then. Reads only.
-- Outcome: over_limit {limit, wanted, had, per: customer, ticket_type_id}.
CREATE FUNCTION {schema}.customer_refusal_v1(
    p_performance uuid, p_customer text, p_reservation uuid
) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('outcome', 'over_limit', 'limit', r.max_per_customer,
            'wanted', n.has - n.had, 'had', n.had, 'per', 'customer', 'ticket_type_id', r.ticket_type_id)
        FROM {schema}.events_salesrule AS r
        CROSS JOIN LATERAL (SELECT
            {schema}.customer_tickets_v1(p_performance, p_customer, r.ticket_type_id, NULL) AS has,
            {schema}.customer_tickets_v1(p_performance, p_customer, r.ticket_type_id, p_reservation)
                AS had) AS n
        WHERE r.performance_id = p_performance AND n.has > n.had AND n.has > r.max_per_customer
        ORDER BY r.ticket_type_id NULLS FIRST LIMIT 1);
END $$;
