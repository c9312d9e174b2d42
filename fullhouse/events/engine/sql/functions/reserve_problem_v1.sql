-- reserve_problem_v1: why a request of a batch can never be meant: invalid {sqlstate, message} as its
-- reserve_v1 would raise, or null. So a malformed one does not send its batch the long way.
-- Reads nothing.
CREATE FUNCTION {schema}.reserve_problem_v1(p_performance uuid, p_request jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance,
        coalesce(p_request ->> 'actor', ''), coalesce(p_request ->> 'reason', ''));
    PERFORM {schema}.require_reserve_v1((p_request ->> 'ttl_seconds')::integer,
        p_request ->> 'kind', p_request ->> 'reference', decode(p_request ->> 'token_hash', 'hex'),
        coalesce(p_request ->> 'customer', ''), coalesce(p_request ->> 'channel', ''));
    PERFORM {schema}.require_requests_v1(p_request -> 'requests');
    PERFORM decode(p_request ->> 'digest', 'hex'), r.seat_id, r.allocation_id, r.section_id
        FROM jsonb_to_recordset(p_request -> 'requests') AS r (seat_id uuid, allocation_id uuid,
            section_id uuid, ticket_type_id uuid, quantity integer);
    IF p_request ->> 'key' IS NOT NULL AND (btrim(p_request ->> 'key') = ''
            OR length(p_request ->> 'key') > 200) THEN
        RAISE EXCEPTION 'key: an idempotency key has 1 to 200 characters, this one %',
            length(p_request ->> 'key') USING ERRCODE = 'FH401';
    ELSIF p_request ->> 'key' IS NOT NULL AND p_request ->> 'digest' IS NULL THEN
        RAISE EXCEPTION 'digest: an idempotency key needs the digest of its request'
            USING ERRCODE = 'FH402';
    END IF;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    IF SQLSTATE LIKE 'FH4%' OR SQLSTATE LIKE '22%' THEN
        RETURN jsonb_build_object('outcome', 'invalid', 'sqlstate', SQLSTATE, 'message', SQLERRM);
    END IF;
    RAISE;
END $$;
