-- lock_swap_v1: lock everything that an exchange or a reseating decides on; returns the overdue holds.
--
-- p_reservations give places up, p_requests (as reserve's) say what is wanted instead. The
-- performance's lock lets one of them at a time expire holds that are in its way, as in reserve_v1; where
-- the waiting list comes first, all that are overdue, as lock_in_the_way_v1 does.
-- Locks: performance; sections where a line is overbooked; reservations by id (own and overdue);
-- seats by id (given up, wanted, given back by overdue holds); allocations by id.
CREATE FUNCTION {schema}.lock_swap_v1(
    p_performance uuid, p_reservations uuid[], p_requests jsonb
) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
    v_overdue uuid[];
    v_moving uuid[];
    v_seats uuid[];
    v_allocations uuid[];
BEGIN
    PERFORM 1 FROM {schema}.events_eventperformance WHERE id = p_performance FOR NO KEY UPDATE;
    v_overdue := {schema}.in_the_way_v1(p_performance, p_requests);
    IF v_overdue <> '{}' AND {schema}.list_first_v1(p_performance, v_overdue) THEN
        SELECT array_agg(id ORDER BY id) INTO v_overdue FROM {schema}.events_reservation
            WHERE performance_id = p_performance AND status = 'reserved'
              AND expires_at <= clock_timestamp();
    END IF;
    v_moving := p_reservations || v_overdue;
    PERFORM {schema}.lock_sections_v1(p_performance, v_moving);
    PERFORM 1 FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = ANY (v_moving)
        ORDER BY id FOR NO KEY UPDATE;
    SELECT coalesce(array_agg(id), '{}') INTO v_overdue FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = ANY (v_overdue) AND status = 'reserved'
          AND expires_at <= clock_timestamp() AND id <> ALL (p_reservations);
    -- Lists, not subqueries: no plan may read all seats of a house to find a few.
    SELECT array_agg(seat_id), array_agg(DISTINCT allocation_id) INTO v_seats, v_allocations
        FROM {schema}.events_reservationline
        WHERE performance_id = p_performance AND reservation_id = ANY (v_moving)
          AND status IN ('reserved', 'sold');
    v_seats := v_seats || ARRAY(SELECT (request ->> 'seat_id')::uuid
        FROM jsonb_array_elements(p_requests) AS request);
    v_allocations := v_allocations || ARRAY(SELECT unnest(ARRAY[first_allocation, second_allocation])
        FROM {schema}.places_asked_v1(p_performance, '{}', p_requests));
    PERFORM 1 FROM {schema}.events_seat
        WHERE performance_id = p_performance AND id = ANY (v_seats)
        ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM {schema}.events_sectiontickettype
        WHERE performance_id = p_performance AND id = ANY (v_allocations)
        ORDER BY id FOR NO KEY UPDATE;
    RETURN v_overdue;
END $$;
