-- lock_sections_v1: before overbooked places are taken out of the house, lock what shrinks with them.
-- And where the waiting list is offered what comes free, one transaction at a time does it.
-- Locks: performance, then sections by id; nothing when no live line is overbooked and the list does
-- not come first. Comes before the locks of reservations, seats and allocations. A line's `overbooked`
-- and a reservation that is an offer never change, so that an unlocked look is enough.
CREATE FUNCTION {schema}.lock_sections_v1(p_performance uuid, p_reservations uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_sections uuid[];
BEGIN
    PERFORM 1 FROM {schema}.events_eventperformance
        WHERE id = p_performance AND (waiting_list_first OR EXISTS (
            SELECT FROM {schema}.events_reservation
            WHERE performance_id = p_performance AND id = ANY (p_reservations) AND kind = 'offer'))
        FOR NO KEY UPDATE;
    SELECT array_agg(DISTINCT a.section_id) INTO v_sections
        FROM {schema}.events_reservationline AS l
        JOIN {schema}.events_sectiontickettype AS a
            ON a.performance_id = l.performance_id AND a.id = l.allocation_id
        WHERE l.performance_id = p_performance AND l.reservation_id = ANY (p_reservations)
          AND l.overbooked AND l.status IN ('reserved', 'sold');
    IF v_sections IS NULL THEN
        RETURN;
    END IF;
    PERFORM 1 FROM {schema}.events_eventperformance
        WHERE id = p_performance FOR NO KEY UPDATE;
    PERFORM 1 FROM {schema}.events_eventsection
        WHERE performance_id = p_performance AND id = ANY (v_sections)
        ORDER BY id FOR NO KEY UPDATE;
END $$;
