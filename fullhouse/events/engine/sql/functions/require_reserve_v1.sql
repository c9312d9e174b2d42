-- require_reserve_v1: the single values of a reserve. Lengths are those of the columns.
-- SQLSTATE: FH430 ttl_seconds, FH431 kind, FH432 reference, FH433 token, FH434 customer or channel.
CREATE FUNCTION {schema}.require_reserve_v1(
    p_ttl_seconds integer, p_kind text, p_reference text, p_token_hash bytea,
    p_customer text, p_channel text
) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF p_ttl_seconds IS NULL OR p_ttl_seconds NOT BETWEEN 1 AND 604800 THEN
        RAISE EXCEPTION 'ttl_seconds: 1 to 604800 (a week), not %', coalesce(p_ttl_seconds::text, 'null')
            USING ERRCODE = 'FH430';
    END IF;
    IF p_kind IS NULL OR p_kind NOT IN ('sale', 'comp') THEN
        RAISE EXCEPTION 'kind: sale or comp, not %', coalesce(p_kind, 'null')
            USING ERRCODE = 'FH431';
    END IF;
    IF p_reference IS NULL OR btrim(p_reference) = '' OR length(p_reference) > 100 THEN
        RAISE EXCEPTION 'reference: 1 to 100 characters, not %', coalesce(length(p_reference), 0)
            USING ERRCODE = 'FH432';
    END IF;
    IF length(p_token_hash) <> 32 THEN
        RAISE EXCEPTION 'token_hash: a SHA-256 has 32 bytes, this one %', length(p_token_hash)
            USING ERRCODE = 'FH433';
    END IF;
    IF p_customer IS NULL OR p_channel IS NULL OR length(p_customer) > 255 OR length(p_channel) > 50 THEN
        RAISE EXCEPTION 'customer, channel: may be empty, at most 255 and 50 characters'
            USING ERRCODE = 'FH434';
    END IF;
END $$;
