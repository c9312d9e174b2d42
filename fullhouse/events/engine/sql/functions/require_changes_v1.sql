-- require_changes_v1: the shape of amend_house's p_changes, and why they are made.
-- SQLSTATE: FH481, FH482 see require_house_v1; FH487 a reason is blank or too long (255 characters);
-- FH489 nothing changes, or something else than owner, reason and release_at.
CREATE FUNCTION {schema}.require_changes_v1(p_changes jsonb, p_reason text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'reason: say why, in 1 to 255 characters' USING ERRCODE = 'FH487';
    ELSIF p_changes IS NULL OR jsonb_typeof(p_changes) <> 'object' OR p_changes = '{}'
            OR p_changes - '{owner,reason,release_at}'::text[] <> '{}'
            OR p_changes -> 'owner' = 'null' OR p_changes -> 'reason' = 'null' THEN
        RAISE EXCEPTION 'changes: owner, reason or release_at, at least one of them'
            USING ERRCODE = 'FH489';
    ELSIF btrim(p_changes ->> 'reason') = '' OR length(p_changes ->> 'reason') > 255 THEN
        RAISE EXCEPTION 'reason: places are set aside for a reason of 1 to 255 characters'
            USING ERRCODE = 'FH487';
    END IF;
    PERFORM {schema}.require_house_v1('house', coalesce(p_changes ->> 'owner', ''),
        (p_changes ->> 'release_at')::timestamptz);
END $$;
