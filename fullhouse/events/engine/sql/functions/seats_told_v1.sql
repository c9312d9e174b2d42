-- seats_told_v1: what a buyer should know of the seats held for him, in the order of p_requests.
-- {"seats": [{seat_id, section_id, seat (row-number), is_accessible, is_companion, has_restricted_view}],
-- "restricted_view": one of them has}.
CREATE FUNCTION {schema}.seats_told_v1(p_performance uuid, p_requests jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
            'seats', jsonb_agg(jsonb_build_object('seat_id', s.id, 'section_id', s.section_id,
                'seat', s.row_number || '-' || s.seat_number, 'is_accessible', s.is_accessible,
                'is_companion', s.is_companion, 'has_restricted_view', s.has_restricted_view)
                ORDER BY q.n),
            'restricted_view', bool_or(s.has_restricted_view))
        FROM jsonb_array_elements(p_requests) WITH ORDINALITY AS q (request, n)
        JOIN {schema}.events_seat AS s
            ON s.performance_id = p_performance AND s.id = (q.request ->> 'seat_id')::uuid
$$;
