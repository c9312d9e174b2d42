-- waiting_seats_v1: the first p_quantity free seats of these allocations of one section, or null.
--
-- p_together: side by side in one row (by rank, never by label); else in the order of rows and seats.
-- Accessible and companion seats stay out until the performance releases them.
-- Locks: the seats returned; those that somebody has in hand are passed over, not waited for.
CREATE FUNCTION {schema}.waiting_seats_v1(
    p_performance uuid, p_allocations uuid[], p_quantity integer, p_together boolean
) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
    v_open boolean;
    v_in_hand uuid[] := '{}';
    v_wanted uuid[];
    v_locked uuid[];
BEGIN
    SELECT coalesce(accessible_release_at <= clock_timestamp(), false) INTO v_open
        FROM {schema}.events_eventperformance WHERE id = p_performance;
    LOOP
        SELECT f.seats[1:p_quantity] INTO v_wanted FROM (
            SELECT array_agg(r.id ORDER BY r.row_rank, r.row_number, r.seat_rank, r.id) AS seats,
                   min(r.row_rank) AS row_rank, min(r.row_number) AS row_number,
                   min(r.seat_rank) AS seat_rank
            FROM (
                SELECT s.*, s.seat_rank - row_number() OVER (
                           PARTITION BY s.row_rank, s.row_number ORDER BY s.seat_rank, s.id) AS run
                FROM {schema}.events_seat AS s
                WHERE s.performance_id = p_performance AND s.allocation_id = ANY (p_allocations)
                  AND s.status = 'available' AND s.id <> ALL (v_in_hand)
                  AND (v_open OR NOT (s.is_accessible OR s.is_companion))
            ) AS r
            GROUP BY CASE WHEN p_together THEN r.row_rank END,
                     CASE WHEN p_together THEN r.row_number END,
                     CASE WHEN p_together THEN r.run END
            HAVING count(*) >= p_quantity
        ) AS f ORDER BY f.row_rank, f.row_number, f.seat_rank LIMIT 1;
        IF v_wanted IS NULL THEN
            RETURN NULL;
        END IF;
        SELECT coalesce(array_agg(l.id), '{}') INTO v_locked FROM (
            SELECT id FROM {schema}.events_seat
                WHERE performance_id = p_performance AND id = ANY (v_wanted)
                  AND status = 'available'
                ORDER BY id FOR NO KEY UPDATE SKIP LOCKED) AS l;
        IF v_wanted <@ v_locked THEN
            RETURN v_wanted;
        END IF;
        v_in_hand := v_in_hand || ARRAY(
            SELECT w FROM unnest(v_wanted) AS w WHERE w <> ALL (v_locked));
    END LOOP;
END $$;
