-- in_the_way_v1: the holds past their deadline that stand in the way of these requests.
--
-- Those that have a wanted seat; and for each allocation with fewer unseated places than are asked of
-- it the oldest, as many as places are asked (each gives back at least one). Sorted by id; '{}' when
-- there are none. Reads only, locks nothing.
CREATE FUNCTION {schema}.in_the_way_v1(p_performance uuid, p_requests jsonb) RETURNS uuid[]
LANGUAGE sql VOLATILE AS $$
    WITH asked AS MATERIALIZED (
        SELECT * FROM {schema}.places_asked_v1(p_performance, '{}', p_requests)
    ), demand AS (
        SELECT d.allocation_id, min(d.unseated) AS unseated, sum(d.quantity) AS places
        FROM asked, LATERAL (VALUES
            (first_allocation, first_unseated, quantity),
            (second_allocation, second_unseated, quantity)
        ) AS d (allocation_id, unseated, quantity)
        WHERE asked.seat_id IS NULL AND d.allocation_id IS NOT NULL
        GROUP BY d.allocation_id
    ), overdue AS (
        SELECT r.id
        FROM asked
        JOIN {schema}.events_reservationline AS l
            ON l.performance_id = p_performance AND l.seat_id = asked.seat_id
            AND l.status = 'reserved'
        JOIN {schema}.events_reservation AS r
            ON r.performance_id = p_performance AND r.id = l.reservation_id
            AND r.status = 'reserved' AND r.expires_at <= clock_timestamp()
        UNION
        SELECT oldest.id
        FROM demand CROSS JOIN LATERAL (
            SELECT r.id
            FROM {schema}.events_reservation AS r
            WHERE r.performance_id = p_performance AND r.status = 'reserved'
              AND r.expires_at <= clock_timestamp() AND EXISTS (
                SELECT FROM {schema}.events_reservationline AS l
                WHERE l.performance_id = p_performance AND l.reservation_id = r.id
                  AND l.allocation_id = demand.allocation_id AND l.status = 'reserved'
                  AND l.seat_id IS NULL AND NOT l.overbooked)
            ORDER BY r.expires_at, r.id LIMIT demand.places
        ) AS oldest
        WHERE demand.unseated < demand.places
    )
    SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM overdue
$$;
