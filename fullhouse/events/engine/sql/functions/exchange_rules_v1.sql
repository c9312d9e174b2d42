-- exchange_rules_v1: why the sales rules do not allow what an exchange makes of a sale, or null.
--
-- p_lines: the planned lines; the old ones are given up already. Limits look at the whole order, what
-- stays and what is new; a window only at what is new: what stays was bought while it was open.
-- Comps are free of rules. Outcomes: those of rules_refusal_v1. Reads only.
CREATE FUNCTION {schema}.exchange_rules_v1(p_performance uuid, p_reservation uuid, p_lines jsonb)
RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_customer text;
    v_whole jsonb;
    v_refusal jsonb;
BEGIN
    SELECT r.customer INTO v_customer
        FROM {schema}.events_reservation AS r
        JOIN {schema}.events_eventperformance AS p ON p.id = r.performance_id
        WHERE r.performance_id = p_performance AND r.id = p_reservation
          AND p.has_rules AND r.kind = 'sale';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT p_lines || coalesce(jsonb_agg(to_jsonb(l)), '[]') INTO v_whole
        FROM {schema}.events_reservationline AS l
        WHERE l.performance_id = p_performance AND l.reservation_id = p_reservation
          AND l.status IN ('reserved', 'sold');
    v_refusal := {schema}.rules_refusal_v1(p_performance, v_whole, v_customer, p_reservation);
    IF v_refusal ->> 'outcome' <> 'closed' THEN
        RETURN v_refusal;
    END IF;
    v_refusal := {schema}.rules_refusal_v1(p_performance, p_lines, v_customer);
    RETURN CASE WHEN v_refusal ->> 'outcome' = 'closed' THEN v_refusal END;
END $$;
