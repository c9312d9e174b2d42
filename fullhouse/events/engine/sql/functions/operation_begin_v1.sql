-- operation_begin_v1: claim an idempotency key, or return the answer already given under it.
--
-- Returns NULL: go on (no key, or the key is new and now claimed by this transaction).
-- Otherwise an answer: the remembered outcome with "replayed": true when operation and digest are
-- the same, else {"outcome": "key_reused", "operation", "used_at"}.
-- Locks: the unique index entry of (performance, key). Of two calls at once the second waits for
-- the first to commit and gets its answer, or takes the key over when the first rolls back.
-- Must run before any other lock is taken: the winner never waits for the loser.
-- SQLSTATE: FH401 the key is blank or longer than 200 characters (the column's size), FH402 no digest.
CREATE FUNCTION {schema}.operation_begin_v1(
    p_performance uuid, p_key text, p_operation text, p_digest bytea
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_row {schema}.events_operation;
BEGIN
    IF p_key IS NULL THEN
        RETURN NULL;
    END IF;
    IF btrim(p_key) = '' OR length(p_key) > 200 THEN
        RAISE EXCEPTION 'key: an idempotency key has 1 to 200 characters, this one %', length(p_key)
            USING ERRCODE = 'FH401';
    END IF;
    IF p_digest IS NULL THEN
        RAISE EXCEPTION 'digest: an idempotency key needs the digest of its request'
            USING ERRCODE = 'FH402';
    END IF;
    INSERT INTO {schema}.events_operation (id, performance_id, key, operation, digest)
        VALUES ({schema}.uuid7(), p_performance, p_key, p_operation, p_digest)
        ON CONFLICT (performance_id, key) DO NOTHING;
    IF FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO v_row FROM {schema}.events_operation
        WHERE performance_id = p_performance AND key = p_key;
    IF v_row.operation <> p_operation OR v_row.digest <> p_digest OR v_row.outcome IS NULL THEN
        RETURN jsonb_build_object(
            'outcome', 'key_reused', 'operation', v_row.operation, 'used_at', v_row.created_at);
    END IF;
    -- The first answer may have been given by an early release that is not flushed yet. A record of
    -- our own makes this transaction's commit wait for the flush before the answer is repeated.
    PERFORM pg_logical_emit_message(true, 'fullhouse', '');
    RETURN v_row.outcome || '{"replayed": true}';
END $$;
