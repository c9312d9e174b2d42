-- require_waiting_v1: what a party may wish for. Lengths are those of the columns.
-- SQLSTATE: FH484 quantity (100000: no house is larger), FH485 offer_seconds (a minute to a week),
-- FH486 customer or contact, FH433 token.
CREATE FUNCTION {schema}.require_waiting_v1(
    p_quantity integer, p_offer_seconds integer, p_customer text, p_contact text, p_token_hash bytea
) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF p_quantity IS NULL OR p_quantity NOT BETWEEN 1 AND 100000 THEN
        RAISE EXCEPTION 'quantity: 1 to 100000 places, not %', coalesce(p_quantity::text, 'null')
            USING ERRCODE = 'FH484';
    END IF;
    IF p_offer_seconds IS NULL OR p_offer_seconds NOT BETWEEN 60 AND 604800 THEN
        RAISE EXCEPTION 'offer_seconds: 60 to 604800 (a week), not %',
            coalesce(p_offer_seconds::text, 'null') USING ERRCODE = 'FH485';
    END IF;
    IF p_customer IS NULL OR p_contact IS NULL OR length(p_customer) > 255
            OR length(p_contact) > 255 THEN
        RAISE EXCEPTION 'customer, contact: may be empty, at most 255 characters each'
            USING ERRCODE = 'FH486';
    END IF;
    IF length(p_token_hash) <> 32 THEN
        RAISE EXCEPTION 'token_hash: a SHA-256 has 32 bytes, this one %', length(p_token_hash)
            USING ERRCODE = 'FH433';
    END IF;
END $$;
