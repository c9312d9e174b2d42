-- configuration_problem_v1(configuration) -> text: what no house could make true, with its path, or
-- null. Numbers that only this house refuses are found by open_performance_refusal_v1.
-- SQLSTATE 22xxx: a value is not what its column holds.
CREATE FUNCTION {schema}.configuration_problem_v1(p_configuration jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    v_problem text;
    c_most constant bigint := 2147483647;
BEGIN
    IF jsonb_typeof(p_configuration -> 'sections') IS DISTINCT FROM 'array'
            OR jsonb_array_length(p_configuration -> 'sections') = 0 THEN
        RETURN 'sections: a list of at least one section is needed';
    END IF;
    SELECT format('sections[%s].%s', s.ordinal - 1, CASE
            WHEN coalesce(s.name, '') = '' OR length(s.name) > 100
                THEN format('name: %L must have 1 to 100 characters', s.name)
            WHEN coalesce(s.total_capacity, 0) NOT BETWEEN 1 AND c_most
                THEN format('total_capacity: %s must be 1 to %s places', s.total_capacity, c_most)
            WHEN coalesce(s.base_price, -1) NOT BETWEEN 0 AND 9999999999.99
                THEN format('base_price: %s must be 0 to 9999999999.99', s.base_price)
            ELSE format('currency: %L must be three capital letters', s.currency) END)
        INTO v_problem
        FROM {schema}.configured_sections_v1(p_configuration) AS s
        WHERE coalesce(s.name, '') = '' OR length(s.name) > 100
           OR coalesce(s.total_capacity, 0) NOT BETWEEN 1 AND c_most
           OR coalesce(s.base_price, -1) NOT BETWEEN 0 AND 9999999999.99
           OR s.currency !~ '^[A-Z]{3}$'
        ORDER BY s.ordinal LIMIT 1;
    IF v_problem IS NOT NULL THEN
        RETURN v_problem;
    END IF;
    SELECT format('sections[%s].ticket_types[%s].%s', s.ordinal - 1, a.ordinal - 1, CASE
            WHEN a.twin > 1 THEN format('ticket_type_id: %s is there twice', a.value ->> 'ticket_type_id')
            WHEN coalesce((a.value ->> 'allocated_capacity')::bigint, -1) NOT BETWEEN 0 AND c_most
                THEN format('allocated_capacity: %s must be 0 to %s places',
                            a.value ->> 'allocated_capacity', c_most)
            ELSE format('price_modifier: %s must be 0 to 999999', a.value ->> 'price_modifier') END)
        INTO v_problem
        FROM jsonb_array_elements(p_configuration -> 'sections') WITH ORDINALITY AS s (value, ordinal)
        CROSS JOIN LATERAL (
            SELECT t.value, t.ordinal, row_number() OVER (
                PARTITION BY (t.value ->> 'ticket_type_id')::uuid ORDER BY t.ordinal) AS twin
            FROM jsonb_array_elements(coalesce(s.value -> 'ticket_types', '[]'))
                WITH ORDINALITY AS t (value, ordinal)
        ) AS a
        WHERE a.twin > 1
           OR coalesce((a.value ->> 'allocated_capacity')::bigint, -1) NOT BETWEEN 0 AND c_most
           OR coalesce((a.value ->> 'price_modifier')::numeric, 1) NOT BETWEEN 0 AND 999999
        ORDER BY s.ordinal, a.ordinal LIMIT 1;
    IF v_problem IS NOT NULL THEN
        RETURN v_problem;
    END IF;
    SELECT format('sections[%s].seats: seat %L in row %L needs labels of at most 20 characters, a '
                  'number, and no negative price', s.ordinal - 1, s.seat_number, s.row_number)
        INTO v_problem
        FROM {schema}.configured_seats_v1(p_configuration) AS s
        WHERE coalesce(btrim(s.seat_number), '') = '' OR length(s.seat_number) > 20
           OR length(s.row_number) > 20 OR coalesce(s.price, 0) NOT BETWEEN 0 AND 9999999999.99
        ORDER BY s.ordinal, s.row_rank, s.seat_rank LIMIT 1;
    RETURN v_problem;
END $$;
