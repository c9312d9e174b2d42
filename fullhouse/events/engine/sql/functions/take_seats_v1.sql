-- take_seats_v1: the planned seats become reserved, all or none. Seats that a sales channel gives are
-- reserved already, and stay so.
-- Locks: seats by id; waits for a seat that somebody is deciding about (see reserve_v1).
-- SQLSTATE FH001: one is taken by now, or was given to another allocation.
CREATE FUNCTION {schema}.take_seats_v1(p_performance uuid, p_lines jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_wanted integer;
    v_taken integer;
BEGIN
    PERFORM 1 FROM {schema}.events_seat
        WHERE performance_id = p_performance AND id IN (
            SELECT l.seat_id FROM jsonb_to_recordset(p_lines) AS l (seat_id uuid, from_channel integer)
            WHERE l.seat_id IS NOT NULL AND l.from_channel IS NULL)
        ORDER BY id FOR NO KEY UPDATE;
    UPDATE {schema}.events_seat AS s SET status = 'reserved'
        FROM jsonb_to_recordset(p_lines) AS l (seat_id uuid, allocation_id uuid, from_channel integer)
        WHERE s.performance_id = p_performance AND s.id = l.seat_id AND l.from_channel IS NULL
          AND s.allocation_id = l.allocation_id AND s.status = 'available';
    GET DIAGNOSTICS v_taken = ROW_COUNT;
    SELECT count(l.seat_id) INTO v_wanted
        FROM jsonb_to_recordset(p_lines) AS l (seat_id uuid, from_channel integer)
        WHERE l.from_channel IS NULL;
    IF v_taken <> v_wanted THEN
        RAISE EXCEPTION '% of % seats are taken', v_wanted - v_taken, v_wanted
            USING ERRCODE = 'FH001';
    END IF;
END $$;
