-- lock_lines_v1: lock all that lines stand on, before it is changed in more than one step.
-- Locks: seats by id, then allocations by id.
CREATE FUNCTION {schema}.lock_lines_v1(p_performance uuid, p_lines uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM {schema}.events_seat
        WHERE performance_id = p_performance AND id IN (
            SELECT seat_id FROM {schema}.events_reservationline
            WHERE performance_id = p_performance AND id = ANY (p_lines))
        ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM {schema}.events_sectiontickettype
        WHERE performance_id = p_performance AND id IN (
            SELECT allocation_id FROM {schema}.events_reservationline
            WHERE performance_id = p_performance AND id = ANY (p_lines))
        ORDER BY id FOR NO KEY UPDATE;
END $$;
