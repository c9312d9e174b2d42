-- require_places_v1: a list of seats names each once; where a reason is needed, it is not blank.
-- SQLSTATE FH440.
CREATE FUNCTION {schema}.require_places_v1(
    p_seats uuid[], p_reason text, p_reason_needed boolean
) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF array_position(p_seats, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'seat_ids: null is not a seat' USING ERRCODE = 'FH440';
    ELSIF (SELECT count(DISTINCT s) FROM unnest(p_seats) AS s) <> cardinality(p_seats) THEN
        RAISE EXCEPTION 'seat_ids: a seat is named twice' USING ERRCODE = 'FH440';
    ELSIF p_reason_needed AND btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'reason: say why, in 1 to 255 characters' USING ERRCODE = 'FH440';
    END IF;
END $$;
