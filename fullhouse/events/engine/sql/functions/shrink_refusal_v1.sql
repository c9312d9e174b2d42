-- shrink_refusal_v1: why `p_places` cannot be taken from this allocation, with the numbers, or null.
-- Called with section, seats and allocation locked. Outcomes: see resize_v1.
CREATE FUNCTION {schema}.shrink_refusal_v1(
    p_performance uuid, p_scope text, p_section uuid,
    p_allocation {schema}.events_sectiontickettype, p_capacity integer, p_places integer,
    p_seats uuid[]
) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_reserved bigint := p_allocation.reserved_capacity;
    v_sold bigint := p_allocation.sold_capacity;
    v_available integer := coalesce(p_allocation.available_capacity, 0);
    v_unseated integer := coalesce(p_allocation.unseated_available, 0);
    v_strangers jsonb;
BEGIN
    IF p_places <= 0 THEN
        RETURN NULL;
    END IF;
    IF p_scope = 'section' THEN
        SELECT sum(a.reserved_capacity), sum(a.sold_capacity) INTO v_reserved, v_sold
            FROM {schema}.events_sectiontickettype AS a
            WHERE a.performance_id = p_performance AND a.section_id = p_section;
    END IF;
    IF p_capacity < v_reserved + v_sold THEN
        RETURN jsonb_build_object('outcome', 'below_committed', 'scope', p_scope,
            'capacity', p_capacity, 'committed', v_reserved + v_sold,
            'reserved_capacity', v_reserved, 'sold_capacity', v_sold);
    ELSIF p_places > v_available THEN
        RETURN jsonb_build_object('outcome', 'not_enough_here', 'allocation_id', p_allocation.id,
            'wanted', p_places, 'available_capacity', v_available);
    END IF;
    SELECT jsonb_agg(s.id ORDER BY s.id) INTO v_strangers
        FROM {schema}.events_seat AS s
        WHERE s.performance_id = p_performance AND s.id = ANY (p_seats)
          AND s.allocation_id <> p_allocation.id;
    IF v_strangers IS NOT NULL THEN
        RETURN jsonb_build_object('outcome', 'seat_elsewhere', 'seat_ids', v_strangers);
    ELSIF p_places - cardinality(p_seats) > v_unseated THEN
        RETURN jsonb_build_object('outcome', 'needs_seats', 'wanted', p_places,
            'unseated_available', v_unseated, 'named', cardinality(p_seats),
            'free_seats', v_available - v_unseated);
    END IF;
    RETURN NULL;
END $$;
