-- drop_rule_v1: a ticket type (null: the whole order) has no rule any more.
-- A note in the ledger says who, why and what the rule was. Locks: performance, the rule.
-- Outcomes: dropped {ticket_type_id}; refused: unknown {what: performance, ticket_type or rule, id},
--   key_reused. SQLSTATEs: FH410, FH411, FH401, FH402, 55P03.
CREATE FUNCTION {schema}.drop_rule_v1(
    p_performance uuid, p_ticket_type uuid,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_row {schema}.events_salesrule;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'drop_rule', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_outcome := {schema}.lock_rule_v1(p_performance, p_ticket_type);
    IF v_outcome IS NULL THEN
        DELETE FROM {schema}.events_salesrule WHERE performance_id = p_performance
              AND ticket_type_id IS NOT DISTINCT FROM p_ticket_type
            RETURNING * INTO v_row;
        IF v_row.id IS NULL THEN
            v_outcome := jsonb_build_object(
                'outcome', 'unknown', 'what', 'rule', 'id', p_ticket_type);
        ELSE
            v_outcome := jsonb_build_object('outcome', 'dropped', 'ticket_type_id', p_ticket_type);
            INSERT INTO {schema}.events_note (id, performance_id, operation, actor, reason, facts)
                VALUES ({schema}.uuid7(), p_performance, 'drop_rule', p_actor, p_reason,
                    jsonb_strip_nulls(to_jsonb(v_row) - 'id' - 'performance_id'));
        END IF;
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
