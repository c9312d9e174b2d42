-- uuid7() -> uuid: a time-ordered identifier (RFC 9562, version 7).
-- PostgreSQL has uuidv7() from 18 on only; one body for every version keeps the inventory simple.
CREATE FUNCTION {schema}.uuid7() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
                PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                FROM 1 FOR 6),
            52, 1), 53, 1), 'hex')::uuid
$$;
