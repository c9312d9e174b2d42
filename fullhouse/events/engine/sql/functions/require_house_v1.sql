-- require_house_v1: what a house reservation is, for whom, and until when.
-- SQLSTATE: FH480 kind, FH481 release_at is not in the future, FH482 owner (the column's size).
CREATE FUNCTION {schema}.require_house_v1(p_kind text, p_owner text, p_release_at timestamptz)
RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF p_kind IS NULL OR p_kind NOT IN ('house', 'kill') THEN
        RAISE EXCEPTION 'kind: house or kill, not %', coalesce(p_kind, 'null')
            USING ERRCODE = 'FH480';
    END IF;
    IF p_release_at <= clock_timestamp() OR p_release_at = 'infinity' THEN
        RAISE EXCEPTION 'release_at: % is not in the future', p_release_at USING ERRCODE = 'FH481';
    END IF;
    IF p_owner IS NULL OR length(p_owner) > 100 THEN
        RAISE EXCEPTION 'owner: may be empty, at most 100 characters' USING ERRCODE = 'FH482';
    END IF;
END $$;
