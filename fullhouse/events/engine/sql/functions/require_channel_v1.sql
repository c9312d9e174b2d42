-- require_channel_v1: the name and the release time of a channel's places.
-- SQLSTATE: FH460 channel, FH461 release_at.
CREATE FUNCTION {schema}.require_channel_v1(p_channel text, p_release_at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF p_channel IS NULL OR btrim(p_channel) = '' OR length(p_channel) > 50 THEN
        RAISE EXCEPTION 'channel: 1 to 50 characters, not %', coalesce(length(p_channel), 0)
            USING ERRCODE = 'FH460';
    ELSIF p_release_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'release_at: % is not in the future', p_release_at
            USING ERRCODE = 'FH461';
    END IF;
END $$;
