-- clear_all_overdue_v1: end every hold past its deadline of a performance, before its free places are
-- given out by hand, and lock all that may be given.
-- Returns the holds ended. Locks: performance; sections where overbooked; overdue reservations by id; their seats by id; all
-- allocations by id.
CREATE FUNCTION {schema}.clear_all_overdue_v1(p_performance uuid, p_actor text) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
    v_due uuid[];
BEGIN
    PERFORM 1 FROM {schema}.events_eventperformance WHERE id = p_performance FOR NO KEY UPDATE;
    SELECT array_agg(id) INTO v_due FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND status = 'reserved'
          AND expires_at <= clock_timestamp();
    PERFORM {schema}.lock_sections_v1(p_performance, v_due);
    SELECT array_agg(id) INTO v_due FROM (
        SELECT id FROM {schema}.events_reservation
            WHERE performance_id = p_performance AND id = ANY (v_due) AND status = 'reserved'
              AND expires_at <= clock_timestamp()
            ORDER BY id FOR NO KEY UPDATE) AS held;
    PERFORM 1 FROM {schema}.events_seat
        WHERE performance_id = p_performance AND id IN (
            SELECT seat_id FROM {schema}.events_reservationline
            WHERE performance_id = p_performance AND reservation_id = ANY (v_due)
              AND status = 'reserved')
        ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM {schema}.events_sectiontickettype
        WHERE performance_id = p_performance ORDER BY id FOR NO KEY UPDATE;
    IF v_due IS NOT NULL THEN
        PERFORM {schema}.expire_holds_v1(
            p_performance, v_due, p_actor, 'in the way of the waiting list');
    END IF;
    RETURN v_due;
END $$;
