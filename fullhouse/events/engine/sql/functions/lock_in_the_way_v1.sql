-- lock_in_the_way_v1: lock everything a careful reserve decides on; returns the overdue holds.
--
-- The performance's lock lets one buyer at a time expire holds, so that none counts on a hold that
-- another is about to use. A hold that the sweeper has is waited for, and then is gone.
-- Where the waiting list comes first, one overdue hold in the way means all of the performance: the list
-- is offered what they free before anybody else is served.
-- Locks: performance; sections where a line is overbooked; reservations by id; seats by id
-- (wanted and given back); allocations by id (asked and given back).
CREATE FUNCTION {schema}.lock_in_the_way_v1(p_performance uuid, p_requests jsonb) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
    v_overdue uuid[];
BEGIN
    PERFORM 1 FROM {schema}.events_eventperformance WHERE id = p_performance FOR NO KEY UPDATE;
    v_overdue := {schema}.in_the_way_v1(p_performance, p_requests);
    IF v_overdue <> '{}' AND {schema}.list_first_v1(p_performance, v_overdue) THEN
        SELECT array_agg(id ORDER BY id) INTO v_overdue FROM {schema}.events_reservation
            WHERE performance_id = p_performance AND status = 'reserved'
              AND expires_at <= clock_timestamp();
    END IF;
    PERFORM {schema}.lock_sections_v1(p_performance, v_overdue);
    SELECT coalesce(array_agg(id), '{}') INTO v_overdue FROM (
        SELECT id FROM {schema}.events_reservation
            WHERE performance_id = p_performance AND id = ANY (v_overdue) AND status = 'reserved'
              AND expires_at <= clock_timestamp()
            ORDER BY id FOR NO KEY UPDATE) AS held;
    PERFORM 1 FROM {schema}.events_seat
        WHERE performance_id = p_performance AND id = ANY (ARRAY(
            SELECT (request ->> 'seat_id')::uuid FROM jsonb_array_elements(p_requests) AS request
            UNION ALL
            SELECT seat_id FROM {schema}.events_reservationline
                WHERE performance_id = p_performance AND reservation_id = ANY (v_overdue)
                  AND status = 'reserved'))
        ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM {schema}.events_sectiontickettype
        WHERE performance_id = p_performance AND id IN (
            SELECT unnest(ARRAY[first_allocation, second_allocation])
                FROM {schema}.places_asked_v1(p_performance, '{}', p_requests)
            UNION ALL
            SELECT allocation_id FROM {schema}.events_reservationline
                WHERE performance_id = p_performance AND reservation_id = ANY (v_overdue)
                  AND status = 'reserved')
        ORDER BY id FOR NO KEY UPDATE;
    RETURN v_overdue;
END $$;
