-- reserve_batched_v1: one request of a batch through reserve_v1, its errors as an answer.
-- p_keyed: under its idempotency key; else the caller has claimed the key and keeps the answer.
-- Answers an outcome of reserve_v1, or invalid {sqlstate, message}; nothing has moved then.
-- Locks: see reserve_v1.
CREATE FUNCTION {schema}.reserve_batched_v1(
    p_performance uuid, p_request jsonb, p_keyed boolean
) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
    RETURN {schema}.reserve_v1(
        p_performance => p_performance, p_requests => p_request -> 'requests',
        p_ttl_seconds => (p_request ->> 'ttl_seconds')::integer, p_kind => p_request ->> 'kind',
        p_reference => p_request ->> 'reference',
        p_token_hash => decode(p_request ->> 'token_hash', 'hex'),
        p_customer => coalesce(p_request ->> 'customer', ''),
        p_channel => coalesce(p_request ->> 'channel', ''),
        p_actor => coalesce(p_request ->> 'actor', ''),
        p_reason => coalesce(p_request ->> 'reason', ''),
        p_key => CASE WHEN p_keyed THEN p_request ->> 'key' END,
        p_digest => CASE WHEN p_keyed THEN decode(p_request ->> 'digest', 'hex') END);
EXCEPTION WHEN OTHERS THEN
    IF SQLSTATE LIKE 'FH4%' OR SQLSTATE LIKE '22%' THEN
        RETURN jsonb_build_object('outcome', 'invalid', 'sqlstate', SQLSTATE, 'message', SQLERRM);
    END IF;
    RAISE;
END $$;
