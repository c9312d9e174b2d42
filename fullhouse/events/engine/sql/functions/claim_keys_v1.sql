-- claim_keys_v1: claim the idempotency keys of a batch that nobody has used yet; returns them.
-- Sorted, so that two batches with the same keys cannot wait for each other. As operation_begin_v1:
-- before any other lock, and a call that uses the same key waits for this one's end.
CREATE FUNCTION {schema}.claim_keys_v1(p_performance uuid, p_requests jsonb) RETURNS text[]
LANGUAGE plpgsql AS $$
DECLARE
    v_keys text[];
BEGIN
    WITH claimed AS (
        INSERT INTO {schema}.events_operation (id, performance_id, key, operation, digest)
            SELECT DISTINCT ON (i.key) {schema}.uuid7(), p_performance, i.key, 'reserve', i.digest
            FROM {schema}.batch_items_v1(p_requests) AS i
            WHERE i.key IS NOT NULL
            ORDER BY i.key, i.n
            ON CONFLICT (performance_id, key) DO NOTHING RETURNING key
    )
    SELECT coalesce(array_agg(key), '{}') INTO v_keys FROM claimed;
    RETURN v_keys;
END $$;
