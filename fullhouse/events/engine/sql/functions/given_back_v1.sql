-- given_back_v1: what these reservations would give back: {"places": {allocation: places without a
-- seat}, "seats": [ids]}. Overbooked places come back to nobody. Reads only, locks nothing.
CREATE FUNCTION {schema}.given_back_v1(p_performance uuid, p_reservations uuid[]) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'places', coalesce(jsonb_object_agg(allocation_id, places) FILTER (WHERE places > 0), '{}'),
        'seats', coalesce(jsonb_path_query_array(jsonb_agg(seats), '$[*][*]'), '[]'))
    FROM (
        SELECT allocation_id, coalesce(sum(quantity) FILTER (WHERE seat_id IS NULL), 0) AS places,
               coalesce(jsonb_agg(seat_id) FILTER (WHERE seat_id IS NOT NULL), '[]') AS seats
        FROM {schema}.events_reservationline
        WHERE performance_id = p_performance AND reservation_id = ANY (p_reservations)
          AND status = 'reserved' AND NOT overbooked
        GROUP BY allocation_id
    ) AS held
$$;
