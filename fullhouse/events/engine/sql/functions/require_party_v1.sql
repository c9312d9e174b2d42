-- require_party_v1: the shape of best available's p_party (see best_available_v1).
-- 100 seats: a larger party is a block that the house books by name.
-- SQLSTATE: FH470 not an object, or with a member that is not known; FH471 quantity; FH472 accessible;
-- FH473 sections, FH474 ticket_types: not a list of 1 to 100 different ids; FH475 a flag;
-- FH476 split with accessible places, whose companions sit beside them.
CREATE FUNCTION {schema}.require_party_v1(p_party jsonb) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    v_list text;
    v_flag text;
BEGIN
    IF p_party IS NULL OR jsonb_typeof(p_party) <> 'object'
            OR p_party - '{quantity,sections,ticket_types,accessible,split,restricted_view}'::text[]
                <> '{}' THEN
        RAISE EXCEPTION 'party: an object of quantity, sections, ticket_types, accessible, split, restricted_view'
            USING ERRCODE = 'FH470';
    END IF;
    IF coalesce(p_party ->> 'quantity', '') !~ '^[0-9]{1,3}$'
            OR (p_party ->> 'quantity')::integer NOT BETWEEN 1 AND 100 THEN
        RAISE EXCEPTION 'quantity: 1 to 100 seats, not %', coalesce(p_party ->> 'quantity', 'null')
            USING ERRCODE = 'FH471';
    END IF;
    IF coalesce(p_party ->> 'accessible', '0') !~ '^[0-9]{1,3}$'
            OR coalesce(p_party ->> 'accessible', '0')::integer > (p_party ->> 'quantity')::integer THEN
        RAISE EXCEPTION 'accessible: 0 to % seats of the party, not %', p_party ->> 'quantity',
            p_party ->> 'accessible' USING ERRCODE = 'FH472';
    END IF;
    FOREACH v_list IN ARRAY '{sections,ticket_types}'::text[] LOOP
        CONTINUE WHEN coalesce(jsonb_typeof(p_party -> v_list), 'null') = 'null';
        IF jsonb_typeof(p_party -> v_list) <> 'array'
                OR jsonb_array_length(p_party -> v_list) NOT BETWEEN 1 AND 100
                OR (SELECT count(DISTINCT i) < count(*) OR bool_or(i IS NULL) OR bool_or(
                        i !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')
                    FROM jsonb_array_elements_text(p_party -> v_list) AS i) THEN
            RAISE EXCEPTION '%: 1 to 100 different ids in order of preference, or null for any', v_list
                USING ERRCODE = CASE v_list WHEN 'sections' THEN 'FH473' ELSE 'FH474' END;
        END IF;
    END LOOP;
    FOREACH v_flag IN ARRAY '{split,restricted_view}'::text[] LOOP
        IF coalesce(jsonb_typeof(p_party -> v_flag), 'null') NOT IN ('null', 'boolean') THEN
            RAISE EXCEPTION '%: true or false, not %', v_flag, p_party -> v_flag
                USING ERRCODE = 'FH475';
        END IF;
    END LOOP;
    IF (p_party ->> 'split')::boolean AND (p_party ->> 'accessible')::integer > 0 THEN
        RAISE EXCEPTION 'split: a party with accessible places sits together'
            USING ERRCODE = 'FH476';
    END IF;
END $$;
