-- operation_end_v1: remember the answer given under an idempotency key, and return it.
-- Refusals are remembered like grants: same key, same answer. No key: nothing happens.
-- Locks: the row that operation_begin_v1 made in this transaction.
CREATE FUNCTION {schema}.operation_end_v1(p_performance uuid, p_key text, p_outcome jsonb)
RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
    IF p_key IS NOT NULL THEN
        UPDATE {schema}.events_operation SET outcome = p_outcome
            WHERE performance_id = p_performance AND key = p_key;
    END IF;
    RETURN p_outcome;
END $$;
