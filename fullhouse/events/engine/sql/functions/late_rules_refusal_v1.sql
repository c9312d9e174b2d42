-- late_rules_refusal_v1: whether the sales rules speak against taking an expired hold's places again.
-- The customer's limit counts what was bought since. A window that has closed since the hold began
-- does not: the hold was in time. Refusals: over_limit, see rules_refusal_v1. Reads only.
CREATE FUNCTION {schema}.late_rules_refusal_v1(p_performance uuid, p_reservation uuid) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_customer text;
    v_refusal jsonb;
BEGIN
    SELECT r.customer INTO v_customer FROM {schema}.events_reservation AS r
        JOIN {schema}.events_eventperformance AS p ON p.id = p_performance AND p.has_rules
        WHERE r.performance_id = p_performance AND r.id = p_reservation AND r.kind = 'sale';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    v_refusal := {schema}.rules_refusal_v1(p_performance, (
        SELECT jsonb_agg(jsonb_build_object('ticket_type_id', ticket_type_id, 'seat_id', seat_id,
            'quantity', quantity, 'places_per_ticket', places_per_ticket))
        FROM {schema}.events_reservationline
        WHERE performance_id = p_performance AND reservation_id = p_reservation
          AND status = 'expired'), v_customer, p_reservation);
    RETURN CASE WHEN v_refusal ->> 'outcome' = 'over_limit' THEN v_refusal END;
END $$;
