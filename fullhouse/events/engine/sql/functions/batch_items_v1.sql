-- batch_items_v1: the requests of a batch, numbered from 1, their values in the columns' types.
--
-- `quick`: well-formed, and of the commonest form: some places of one allocation, sold as its own
-- type, or of a section, sold as a type (the columns allocation_id, section_id, ticket_type_id and
-- quantity say which). Reads nothing.
-- SQLSTATE 22xxx: a value that its type cannot hold; then reserve_problem_v1 tells whose.
CREATE FUNCTION {schema}.batch_items_v1(p_requests jsonb)
RETURNS TABLE (
    n bigint, allocation_id uuid, section_id uuid, ticket_type_id uuid, quantity integer, ttl_seconds integer,
    kind text, reference text, token_hash bytea, customer text, channel text, actor text, reason text,
    key text, digest bytea, quick boolean
)
LANGUAGE sql STABLE AS $$
    SELECT i.n, (i.requests -> 0 ->> 'allocation_id')::uuid,
           (i.requests -> 0 ->> 'section_id')::uuid, (i.requests -> 0 ->> 'ticket_type_id')::uuid,
           (i.requests -> 0 ->> 'quantity')::integer, i.ttl_seconds::integer, i.kind,
           i.reference, decode(i.token_hash, 'hex'), coalesce(i.customer, ''),
           coalesce(i.channel, ''), coalesce(i.actor, ''), coalesce(i.reason, ''), i.key,
           decode(i.digest, 'hex'),
           coalesce(i.requests -> 1 IS NULL AND NOT i.requests -> 0 ? 'seat_id'
               AND CASE WHEN i.requests -> 0 ? 'allocation_id'
                   THEN i.requests -> 0 ->> 'allocation_id' IS NOT NULL
                       AND NOT i.requests -> 0 ?| '{section_id,ticket_type_id}'
                   ELSE i.requests -> 0 ->> 'section_id' IS NOT NULL
                       AND i.requests -> 0 ->> 'ticket_type_id' IS NOT NULL END
               AND length(i.requests -> 0 ->> 'quantity') <= 5
               AND translate(i.requests -> 0 ->> 'quantity', '0123456789', '') = ''
               AND (i.requests -> 0 ->> 'quantity')::integer > 0
               AND i.ttl_seconds::integer BETWEEN 1 AND 604800 AND i.kind IN ('sale', 'comp')
               AND btrim(i.reference) <> '' AND length(i.reference) <= 100
               AND (i.token_hash IS NULL OR octet_length(decode(i.token_hash, 'hex')) = 32)
               AND (i.customer IS NULL OR length(i.customer) <= 255)
               AND (i.channel IS NULL OR length(i.channel) <= 50)
               AND (i.actor IS NULL OR length(i.actor) <= 100)
               AND (i.reason IS NULL OR length(i.reason) <= 255)
               AND (i.key IS NULL OR btrim(i.key) <> '' AND length(i.key) <= 200
                   AND i.digest IS NOT NULL), false)
    FROM ROWS FROM (jsonb_to_recordset(p_requests) AS (
            requests jsonb, ttl_seconds text, kind text, reference text, token_hash text,
            customer text, channel text, actor text, reason text, key text, digest text
        )) WITH ORDINALITY AS i (requests, ttl_seconds, kind, reference, token_hash, customer,
            channel, actor, reason, key, digest, n)
$$;
