-- moving_reservations_v1: the reservations whose lines reseat's p_moves names, sorted. Reads only.
CREATE FUNCTION {schema}.moving_reservations_v1(p_performance uuid, p_moves jsonb) RETURNS uuid[]
LANGUAGE sql VOLATILE AS $$
    SELECT coalesce(array_agg(DISTINCT l.reservation_id ORDER BY l.reservation_id), '{}')
    FROM {schema}.events_reservationline AS l
    WHERE l.performance_id = p_performance AND l.id IN (
        SELECT m.line_id FROM jsonb_to_recordset(p_moves) AS m (line_id uuid))
$$;
