-- set_rule_v1: limits and a sales window for one ticket type of a performance, or (null) for the whole
-- order. Replaces the rule that is there; null is no limit. Limits are tickets. A rule holds for calls
-- that begin after it is committed, never for what is held or sold already.
-- A note in the ledger says who and why. Locks: performance, the rule.
-- Outcomes: set {rule_id, ticket_type_id, replaced}; refused: unknown {what, id} (also a ticket type of
--   another event), key_reused.
-- SQLSTATEs: FH410, FH411, FH462 a limit, FH463 the window, FH464 nothing is limited, FH401, FH402, 55P03.
CREATE FUNCTION {schema}.set_rule_v1(
    p_performance uuid, p_ticket_type uuid, p_sales_open_at timestamptz, p_sales_close_at timestamptz,
    p_min_per_order integer, p_max_per_order integer, p_max_per_customer integer,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_id uuid;
    v_facts jsonb := jsonb_strip_nulls(jsonb_build_object('ticket_type_id', p_ticket_type,
        'sales_open_at', p_sales_open_at, 'sales_close_at', p_sales_close_at, 'min_per_order',
        p_min_per_order, 'max_per_order', p_max_per_order, 'max_per_customer', p_max_per_customer));
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    PERFORM {schema}.require_rule_v1(p_sales_open_at, p_sales_close_at, p_min_per_order,
        p_max_per_order, p_max_per_customer);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'set_rule', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_outcome := {schema}.lock_rule_v1(p_performance, p_ticket_type);
    IF v_outcome IS NULL THEN
        UPDATE {schema}.events_salesrule SET sales_open_at = p_sales_open_at,
                sales_close_at = p_sales_close_at, min_per_order = p_min_per_order,
                max_per_order = p_max_per_order, max_per_customer = p_max_per_customer
            WHERE performance_id = p_performance
              AND ticket_type_id IS NOT DISTINCT FROM p_ticket_type
            RETURNING id INTO v_id;
        v_outcome := jsonb_build_object('outcome', 'set', 'ticket_type_id', p_ticket_type,
            'replaced', v_id IS NOT NULL);
        IF v_id IS NULL THEN
            v_id := {schema}.uuid7();
            INSERT INTO {schema}.events_salesrule (id, performance_id, ticket_type_id, sales_open_at,
                    sales_close_at, min_per_order, max_per_order, max_per_customer)
                VALUES (v_id, p_performance, p_ticket_type, p_sales_open_at, p_sales_close_at,
                    p_min_per_order, p_max_per_order, p_max_per_customer);
        END IF;
        v_outcome := v_outcome || jsonb_build_object('rule_id', v_id);
        INSERT INTO {schema}.events_note (id, performance_id, operation, actor, reason, facts)
            VALUES ({schema}.uuid7(), p_performance, 'set_rule', p_actor, p_reason, v_facts);
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
