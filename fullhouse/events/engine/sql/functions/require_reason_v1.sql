-- require_reason_v1: what staff do to other people's places needs a reason.
-- SQLSTATE FH492: the reason is blank.
CREATE FUNCTION {schema}.require_reason_v1(p_reason text) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'reason: say why, in 1 to 255 characters' USING ERRCODE = 'FH492';
    END IF;
END $$;
