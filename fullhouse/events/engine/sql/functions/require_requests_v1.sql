-- require_requests_v1: the shape of reserve's p_requests.
-- 1000 requests: the locks of a call are held for some tens of milliseconds at most.
-- 100000 places: no house is larger.
-- SQLSTATE: FH435 not a list of 1 to 1000 objects; FH436 not exactly one of seat, allocation, section
-- (a section needs its type); FH437 a quantity; FH438 the same seat, or the same places, twice.
CREATE FUNCTION {schema}.require_requests_v1(p_requests jsonb) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    v_request jsonb;
    v_seen text[] := '{}';
    v_place text;
    v_quantity text;
BEGIN
    IF p_requests IS NULL OR jsonb_typeof(p_requests) <> 'array'
            OR jsonb_array_length(p_requests) NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'requests: a list of 1 to 1000 seats and quantities' USING ERRCODE = 'FH435';
    END IF;
    IF jsonb_array_length(p_requests) = 1 AND (p_requests -> 0) ?& '{allocation_id,quantity}'
            AND NOT (p_requests -> 0) ?| '{seat_id,section_id}'
            AND p_requests -> 0 ->> 'allocation_id' IS NOT NULL
            AND p_requests -> 0 ->> 'quantity' ~ '^[1-9][0-9]{0,4}$' THEN
        RETURN;  -- the commonest request is well-formed: its hot path saves the loop
    END IF;
    FOR v_request IN SELECT jsonb_array_elements(p_requests) LOOP
        IF jsonb_typeof(v_request) <> 'object' OR num_nonnulls(v_request ->> 'seat_id',
                v_request ->> 'allocation_id', v_request ->> 'section_id') <> 1
                OR ((v_request ->> 'section_id') IS NOT NULL
                    AND (v_request ->> 'ticket_type_id') IS NULL) THEN
            RAISE EXCEPTION 'requests: % names not exactly one of a seat, an allocation, or a section with a ticket type',
                v_request USING ERRCODE = 'FH436';
        END IF;
        v_quantity := v_request ->> 'quantity';
        IF (v_request ->> 'seat_id') IS NOT NULL THEN
            v_place := v_request ->> 'seat_id';
            v_quantity := coalesce(v_quantity, '1');
        ELSE
            v_place := concat_ws(' ', v_request ->> 'allocation_id', v_request ->> 'section_id',
                v_request ->> 'ticket_type_id');
        END IF;
        IF v_quantity IS NULL OR v_quantity !~ '^[0-9]{1,6}$'
                OR v_quantity::integer NOT BETWEEN 1 AND 100000
                OR ((v_request ->> 'seat_id') IS NOT NULL AND v_quantity::integer <> 1) THEN
            RAISE EXCEPTION 'quantity: 1 to 100000 places (a seat is one), not %',
                coalesce(v_quantity, 'null') USING ERRCODE = 'FH437';
        END IF;
        IF v_place = ANY (v_seen) THEN
            RAISE EXCEPTION 'requests: % is asked for twice', v_place USING ERRCODE = 'FH438';
        END IF;
        v_seen := v_seen || v_place;
    END LOOP;
END $$;
