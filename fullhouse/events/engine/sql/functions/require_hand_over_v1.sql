-- require_hand_over_v1: what the places become. Lengths are those of the columns.
-- SQLSTATE: FH480 kind, or a sale at once of what is no sale; FH481 release_at; FH482 owner; FH483 what
-- does not belong to this kind; FH488 a channel without a name; FH430, FH432 to FH434 see
-- require_reserve_v1.
CREATE FUNCTION {schema}.require_hand_over_v1(
    p_kind text, p_sold boolean, p_ttl_seconds integer, p_release_at timestamptz,
    p_reference text, p_token_hash bytea, p_customer text, p_channel text, p_owner text
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF p_kind IN ('sale', 'comp') THEN
        IF p_sold IS NULL OR p_sold = (p_ttl_seconds IS NOT NULL) OR p_release_at IS NOT NULL THEN
            RAISE EXCEPTION 'ttl_seconds: how long a hold lives, or sold at once; no release_at'
                USING ERRCODE = 'FH483';
        END IF;
    ELSIF p_kind IN ('house', 'kill', 'channel') THEN
        IF p_sold IS DISTINCT FROM false OR p_ttl_seconds IS NOT NULL OR p_token_hash IS NOT NULL THEN
            RAISE EXCEPTION 'release_at: places set aside are not sold and have no ttl_seconds or token'
                USING ERRCODE = 'FH483';
        ELSIF (p_kind = 'channel') <> (btrim(coalesce(p_channel, '')) <> '') THEN
            RAISE EXCEPTION 'channel: its name where the places go to a channel, and only there'
                USING ERRCODE = 'FH488';
        END IF;
    ELSE
        RAISE EXCEPTION 'kind: sale, comp, house, kill or channel, not %', coalesce(p_kind, 'null')
            USING ERRCODE = 'FH480';
    END IF;
    PERFORM {schema}.require_house_v1('house', p_owner, p_release_at);
    PERFORM {schema}.require_reserve_v1(coalesce(p_ttl_seconds, 600), 'sale', p_reference, p_token_hash,
        p_customer, p_channel);
END $$;
