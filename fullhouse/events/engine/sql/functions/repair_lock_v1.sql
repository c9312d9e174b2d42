-- repair_lock_v1: takes every lock of a performance below itself, so that nothing moves while it is
-- mended. Locks: sections, live reservations, seats, allocations, each by id.
CREATE FUNCTION {schema}.repair_lock_v1(p_performance uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM {schema}.events_eventsection
        WHERE performance_id = p_performance ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM {schema}.events_reservation AS r
        WHERE r.performance_id = p_performance AND (r.status IN ('reserved', 'sold') OR EXISTS (
            SELECT FROM {schema}.events_reservationline AS l
            WHERE l.performance_id = p_performance AND l.reservation_id = r.id
              AND l.status IN ('reserved', 'sold')))
        ORDER BY r.id FOR NO KEY UPDATE;
    PERFORM 1 FROM {schema}.events_seat
        WHERE performance_id = p_performance ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM {schema}.events_sectiontickettype
        WHERE performance_id = p_performance ORDER BY id FOR NO KEY UPDATE;
END $$;
