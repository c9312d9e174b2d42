-- seat_key(text) -> text: name_key of a seat number without leading zeros ('007' is '7', '00' is '0').
CREATE FUNCTION {schema}.seat_key(p_number text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN k = '' THEN ''
        WHEN ltrim(k, '0') = '' THEN '0'
        ELSE ltrim(k, '0')
    END
    FROM {schema}.name_key(p_number) AS k
$$;
