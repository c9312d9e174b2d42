-- Functions of one session (pg_temp): how single values of dirty data are read. None ever fails.

-- m_json(text) -> jsonb: the value that the text holds, or null if it is no JSON.
CREATE FUNCTION pg_temp.m_json(p_text text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN p_text::jsonb;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;

-- m_decoded(jsonb) -> jsonb: a value that was encoded twice, decoded (twice at most); JSON null is null.
CREATE FUNCTION pg_temp.m_decoded(p_value jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    v_value jsonb := p_value;
BEGIN
    FOR v_times IN 1..2 LOOP
        EXIT WHEN jsonb_typeof(v_value) IS DISTINCT FROM 'string';
        EXIT WHEN ltrim(v_value #>> '{}') !~ '^[\[{"]';
        v_value := pg_temp.m_json(v_value #>> '{}');
    END LOOP;
    RETURN CASE WHEN jsonb_typeof(v_value) <> 'null' THEN v_value END;
END $$;

CREATE FUNCTION pg_temp.m_places_told(p_text text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    -- CASE, not WHERE: planning folds a constant cast whatever the WHERE says.
    SELECT CASE WHEN k ~ '^[0-9]{1,8}$' THEN k::integer END FROM {schema}.name_key(p_text) AS k
$$;

-- m_places(jsonb) -> integer: a whole number of places from 0 to 99,999,999, also as a text in any
-- digits; anything else (null, negative, a fraction, a list, an object) is unreadable: null.
CREATE FUNCTION pg_temp.m_places(p_value jsonb) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE jsonb_typeof(p_value)
        WHEN 'number' THEN CASE WHEN p_value::numeric BETWEEN 0 AND 99999999
            AND p_value::numeric = trunc(p_value::numeric) THEN p_value::numeric::integer END
        WHEN 'string' THEN pg_temp.m_places_told(p_value #>> '{}') END
$$;

-- m_price(numeric) -> numeric: an amount that can be kept (0 to 9,999,999,999.99), else null.
CREATE FUNCTION pg_temp.m_price(p_price numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_price >= 0 AND p_price < 9999999999.995 THEN round(p_price, 2) END
$$;

CREATE FUNCTION pg_temp.m_amount_told(p_text text) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN k ~ '^[0-9]{1,12}(\.[0-9]{0,12})?$' THEN pg_temp.m_price(k::numeric) END
    FROM {schema}.name_key(p_text) AS k
$$;

-- m_amount(jsonb) -> numeric: the same for a number or a text in a document.
CREATE FUNCTION pg_temp.m_amount(p_value jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE jsonb_typeof(p_value)
        WHEN 'number' THEN pg_temp.m_price(p_value::numeric)
        WHEN 'string' THEN pg_temp.m_amount_told(p_value #>> '{}') END
$$;

-- m_uuid(text) -> uuid: the key that the text holds, with or without hyphens, else null. A server 16
-- or newer tells without a regular expression, five times as fast.
DO $do$
BEGIN
    IF current_setting('server_version_num')::integer >= 160000 THEN
        CREATE FUNCTION pg_temp.m_uuid(p_text text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
            SELECT CASE WHEN octet_length(p_text) IN (32, 36) AND pg_input_is_valid(p_text, 'uuid')
                THEN p_text::uuid
                WHEN octet_length(p_text) > 36 AND length(btrim(p_text)) IN (32, 36)
                     AND pg_input_is_valid(btrim(p_text), 'uuid') THEN btrim(p_text)::uuid END
        $$;
    ELSE
        CREATE FUNCTION pg_temp.m_uuid(p_text text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
            SELECT CASE WHEN btrim(p_text) ~ ('^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-'
                    '[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32})$')
                THEN btrim(p_text)::uuid END
        $$;
    END IF;
END $do$;

-- m_clean(text) -> text: a label as a person would write it: NFKC, Persian letters, no Arabic
-- digits, single spaces, nothing invisible at its ends, no right-to-left mark. name_key is the same.
CREATE FUNCTION pg_temp.m_clean(p_label text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT btrim(regexp_replace(translate(normalize(p_label, NFKC),
        U&'\064A\0649\0643\0660\0661\0662\0663\0664\0665\0666\0667\0668\0669'
        '\0009\000A\000B\000C\000D\0085\00A0\1680\2028\2029\200F',
        U&'\06CC\06CC\06A9\06F0\06F1\06F2\06F3\06F4\06F5\06F6\06F7\06F8\06F9'
        '          '), ' +', ' ', 'g'), U&' \200C')
$$;

-- m_fit(text, length) -> text: a label cut to what its column holds, still telling labels apart.
CREATE FUNCTION pg_temp.m_fit(p_label text, p_length integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN octet_length(p_label) <= p_length OR length(p_label) <= p_length THEN p_label
        ELSE left(p_label, p_length - 9) || '~' || left(md5(p_label), 8) END
$$;

-- m_id(performance, words) -> uuid: the id of a row that has none in the legacy data; a repeated
-- run gives the same.
CREATE FUNCTION pg_temp.m_id(p_performance uuid, p_words text) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$
    SELECT md5(p_performance::text || ':' || p_words)::uuid
$$;
