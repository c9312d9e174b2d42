-- sell_lines_v1: the places of a locked hold go from reserved to sold. Returns the places.
-- Locks: seats by id, then allocations by id. Writes one movement a line.
CREATE FUNCTION {schema}.sell_lines_v1(
    p_performance uuid, p_reservation uuid, p_actor text, p_reason text
) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_at timestamptz := clock_timestamp();
    v_seats uuid[];
    v_sum record;
    v_places integer := 0;
BEGIN
    UPDATE {schema}.events_reservation SET status = 'sold', expires_at = NULL
        WHERE performance_id = p_performance AND id = p_reservation;
    SELECT array_agg(seat_id) INTO v_seats FROM {schema}.events_reservationline
        WHERE performance_id = p_performance AND reservation_id = p_reservation
          AND status = 'reserved' AND seat_id IS NOT NULL;
    IF v_seats IS NOT NULL THEN
        PERFORM 1 FROM {schema}.events_seat
            WHERE performance_id = p_performance AND id = ANY (v_seats)
            ORDER BY id FOR NO KEY UPDATE;
        UPDATE {schema}.events_seat SET status = 'sold'
            WHERE performance_id = p_performance AND id = ANY (v_seats);
    END IF;
    INSERT INTO {schema}.events_movement (id, performance_id, allocation_id, seat_id,
            reservation_id, from_state, to_state, quantity, operation, actor, reason, at)
        SELECT {schema}.uuid7(), p_performance, l.allocation_id, l.seat_id, p_reservation,
               'reserved', 'sold', l.quantity, 'confirm', p_actor, p_reason, v_at
        FROM {schema}.events_reservationline AS l
        WHERE l.performance_id = p_performance AND l.reservation_id = p_reservation
          AND l.status = 'reserved';
    -- One row a time in id order: a set-based UPDATE would lock in the order of its plan.
    FOR v_sum IN
        WITH sold AS (
            UPDATE {schema}.events_reservationline SET status = 'sold'
                WHERE performance_id = p_performance AND reservation_id = p_reservation
                  AND status = 'reserved'
                RETURNING allocation_id, quantity
        )
        SELECT allocation_id, sum(quantity) AS places FROM sold
            GROUP BY allocation_id ORDER BY allocation_id
    LOOP
        UPDATE {schema}.events_sectiontickettype
            SET reserved_capacity = reserved_capacity - v_sum.places,
                sold_capacity = sold_capacity + v_sum.places
            WHERE performance_id = p_performance AND id = v_sum.allocation_id;
        v_places := v_places + v_sum.places;
    END LOOP;
    RETURN v_places;
END $$;
