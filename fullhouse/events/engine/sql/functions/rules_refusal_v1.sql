-- rules_refusal_v1: why the sales rules of a performance do not allow this order, or null.
--
-- p_lines: planned lines {ticket_type_id, seat_id, quantity, places_per_ticket}; limits count tickets.
-- p_customer: who buys, may be blank. p_without: a reservation that is not counted, as it is replaced.
-- The rule of the whole order comes first, then those of its types by id; of each rule its window, the
-- least and the most per order, the most per customer. The caller has called lock_customer_v1 before it
-- took any lock, asks only where the performance has_rules, and not for comps and the house.
-- Outcomes, each with ticket_type_id (null: the whole order): closed {status, opens_at, closes_at}
--   | under_minimum {limit, wanted} | over_limit {limit, wanted, had, per: order or customer}
--   | customer_needed {limit}. Reads only. Twin: domain/limits.py.
CREATE FUNCTION {schema}.rules_refusal_v1(
    p_performance uuid, p_lines jsonb, p_customer text, p_without uuid DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_rule record;
    v_had integer;
BEGIN
    FOR v_rule IN
        WITH wanted AS (
            SELECT p.ticket_type_id, sum(ceil(p.places::numeric / p.size))::integer AS tickets
            FROM (
                SELECT l.ticket_type_id, CASE WHEN l.seat_id IS NULL
                           THEN coalesce(l.places_per_ticket, 1)
                           ELSE coalesce(y.places_per_ticket, 1) END AS size,
                       sum(l.quantity) AS places
                FROM jsonb_to_recordset(p_lines) AS l (ticket_type_id uuid, seat_id uuid,
                    quantity integer, places_per_ticket integer)
                LEFT JOIN {schema}.events_tickettype AS y ON y.id = l.ticket_type_id
                GROUP BY l.ticket_type_id, 2
            ) AS p
            GROUP BY p.ticket_type_id
        )
        SELECT r.*, CASE WHEN r.ticket_type_id IS NULL THEN (SELECT sum(tickets) FROM wanted)
                   ELSE w.tickets END::integer AS wanted
            FROM {schema}.events_salesrule AS r
            LEFT JOIN wanted AS w ON w.ticket_type_id = r.ticket_type_id
            WHERE r.performance_id = p_performance
              AND (r.ticket_type_id IS NULL OR w.tickets IS NOT NULL)
            ORDER BY r.ticket_type_id NULLS FIRST
    LOOP
        IF v_rule.sales_open_at > clock_timestamp()
                OR v_rule.sales_close_at <= clock_timestamp() THEN
            RETURN jsonb_build_object('outcome', 'closed', 'status', 'on_sale',
                'opens_at', v_rule.sales_open_at, 'closes_at', v_rule.sales_close_at,
                'ticket_type_id', v_rule.ticket_type_id);
        ELSIF v_rule.wanted < v_rule.min_per_order THEN
            RETURN jsonb_build_object('outcome', 'under_minimum', 'limit', v_rule.min_per_order,
                'wanted', v_rule.wanted, 'ticket_type_id', v_rule.ticket_type_id);
        ELSIF v_rule.wanted > v_rule.max_per_order THEN
            RETURN jsonb_build_object('outcome', 'over_limit', 'limit', v_rule.max_per_order,
                'wanted', v_rule.wanted, 'had', 0, 'per', 'order',
                'ticket_type_id', v_rule.ticket_type_id);
        END IF;
        CONTINUE WHEN v_rule.max_per_customer IS NULL;
        IF p_customer = '' THEN
            RETURN jsonb_build_object('outcome', 'customer_needed',
                'limit', v_rule.max_per_customer, 'ticket_type_id', v_rule.ticket_type_id);
        END IF;
        v_had := {schema}.customer_tickets_v1(
            p_performance, p_customer, v_rule.ticket_type_id, p_without);
        IF v_had + v_rule.wanted > v_rule.max_per_customer THEN
            RETURN jsonb_build_object('outcome', 'over_limit', 'limit', v_rule.max_per_customer,
                'wanted', v_rule.wanted, 'had', v_had, 'per', 'customer',
                'ticket_type_id', v_rule.ticket_type_id);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
