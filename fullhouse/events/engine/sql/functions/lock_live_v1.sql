-- lock_live_v1: lock everything live in a performance, which the caller has locked.
-- Locks: sections where a line is overbooked; live reservations, their seats, all allocations, by id.
CREATE FUNCTION {schema}.lock_live_v1(p_performance uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM {schema}.events_eventsection
        WHERE performance_id = p_performance AND id IN (
            SELECT a.section_id FROM {schema}.events_reservationline AS l
            JOIN {schema}.events_sectiontickettype AS a
                ON a.performance_id = p_performance AND a.id = l.allocation_id
            WHERE l.performance_id = p_performance AND l.overbooked
              AND l.status IN ('reserved', 'sold'))
        ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND status IN ('reserved', 'sold')
        ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM {schema}.events_seat
        WHERE performance_id = p_performance AND status IN ('reserved', 'sold')
        ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM {schema}.events_sectiontickettype
        WHERE performance_id = p_performance ORDER BY id FOR NO KEY UPDATE;
END $$;
