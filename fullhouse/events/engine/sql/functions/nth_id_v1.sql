-- nth_id_v1: the p_n-th (0 to 2^31 - 1) of the time-ordered identifiers that follow a uuid7.
--
-- RFC 9562, section 6.2: ids made together count up from one random beginning. A batch makes four
-- ids a request, and asking the system for randomness each time would be a fifth of its time.
-- 42 random bits stay, in each millisecond anew. Ids are not secrets: tokens are.
CREATE FUNCTION {schema}.nth_id_v1(p_first uuid, p_n integer) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT encode(overlay(uuid_send(p_first) PLACING int4send(p_n) FROM 13), 'hex')::uuid
$$;
