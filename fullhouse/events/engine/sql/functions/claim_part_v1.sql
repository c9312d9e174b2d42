-- claim_part_v1: what a call over several performances takes in each of them before any other lock:
-- its idempotency key (null: none), the seat rows that a rule looks at (p_requests: as reserve's, null:
-- none) and, where rules limit customers, the customer (blank: none).
-- The caller goes through the performances in the order of their ids, then calls lock_performance_v1
-- for each in that order, and ends with operation_end_v1 for each.
-- Outcomes: claimed | the answer remembered, with "replayed" | key_reused {operation, used_at}.
-- Locks: see operation_begin_v1, judge_seats_v1, lock_customer_v1. SQLSTATE: FH401, FH402; 55P03.
CREATE FUNCTION {schema}.claim_part_v1(
    p_performance uuid, p_operation text, p_customer text, p_requests jsonb, p_key text,
    p_digest bytea
) RETURNS jsonb
LANGUAGE plpgsql SET lock_timeout TO '5s' AS $$
DECLARE
    v_answer jsonb := {schema}.operation_begin_v1(p_performance, p_key, p_operation, p_digest);
BEGIN
    IF v_answer IS NOT NULL THEN
        RETURN v_answer;
    END IF;
    IF p_requests IS NOT NULL THEN
        PERFORM {schema}.judge_seats_v1(p_performance, p_requests);
    END IF;
    PERFORM {schema}.lock_customer_v1(p_performance, p_customer);
    RETURN '{"outcome": "claimed"}';
END $$;
