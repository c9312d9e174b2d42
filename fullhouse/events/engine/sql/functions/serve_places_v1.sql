-- serve_places_v1: how many of p_quantity places come from the first allocation, how many from the
-- second (either may be null), and what is left of both for the next request.
--
-- All places of a ticket come from one allocation: each part is whole tickets of p_size places. What
-- the sales channel has set aside (p_given) goes before what is free, the first allocation before the
-- second; first_given and second_given are the parts that the channel gives. `possible`: the most that
-- could be had. p_free, p_given: allocation -> places left; where p_free does not know an
-- allocation yet, its unseated places and what comes back (p_back) count. Units: places. Reads nothing.
CREATE FUNCTION {schema}.serve_places_v1(
    p_quantity integer, p_size integer, p_first uuid, p_first_unseated integer,
    p_second uuid, p_second_unseated integer, p_back jsonb, p_free jsonb, p_given jsonb,
    OUT from_first integer, OUT from_second integer, OUT first_given integer,
    OUT second_given integer, OUT possible integer, OUT free jsonb, OUT given jsonb
)
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    v_given_1 integer := coalesce((p_given ->> p_first::text)::integer, 0);
    v_given_2 integer := coalesce((p_given ->> p_second::text)::integer, 0);
    v_free_1 integer := coalesce((p_free ->> p_first::text)::integer,
        p_first_unseated + coalesce((p_back ->> p_first::text)::integer, 0), 0);
    v_free_2 integer := coalesce((p_free ->> p_second::text)::integer,
        p_second_unseated + coalesce((p_back ->> p_second::text)::integer, 0), 0);
BEGIN
    from_first := least(v_given_1, p_quantity) / p_size * p_size;
    from_second := least(v_given_2, p_quantity - from_first) / p_size * p_size;
    from_first := from_first + least(v_given_1 + v_free_1 - from_first,
        p_quantity - from_first - from_second) / p_size * p_size;
    from_second := from_second + least(v_given_2 + v_free_2 - from_second,
        p_quantity - from_first - from_second) / p_size * p_size;
    possible := (v_given_1 + v_free_1) / p_size * p_size + (v_given_2 + v_free_2) / p_size * p_size;
    first_given := least(v_given_1, from_first);
    second_given := least(v_given_2, from_second);
    free := p_free;
    given := p_given;
    IF p_first IS NOT NULL THEN
        free := free || jsonb_build_object(p_first, v_free_1 - (from_first - first_given));
    END IF;
    IF p_second IS NOT NULL THEN
        free := free || jsonb_build_object(p_second, v_free_2 - (from_second - second_given));
    END IF;
    IF first_given > 0 THEN
        given := given || jsonb_build_object(p_first, v_given_1 - first_given);
    END IF;
    IF second_given > 0 THEN
        given := given || jsonb_build_object(p_second, v_given_2 - second_given);
    END IF;
END $$;
