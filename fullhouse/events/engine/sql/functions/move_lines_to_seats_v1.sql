-- move_lines_to_seats_v1: writes what reseat_refusal_v1 has checked, under its locks.
-- In the ledger each line's place comes back and another is taken; a Note per reservation says which
-- seats, for whoever reads its story. Lines leave their seats before any sits down again: the unique
-- index (I5) looks at each row as it is written.
CREATE FUNCTION {schema}.move_lines_to_seats_v1(
    p_performance uuid, p_moves jsonb, p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_at timestamptz := clock_timestamp();
    v_moves jsonb;
    v_sum record;
BEGIN
    SELECT jsonb_agg(jsonb_build_object('line_id', l.id, 'reservation_id', l.reservation_id,
            'status', l.status, 'from_seat_id', l.seat_id, 'to_seat_id', s.id,
            'from_seat', o.row_number || '-' || o.seat_number,
            'to_seat', s.row_number || '-' || s.seat_number,
            'from_allocation_id', l.allocation_id, 'to_allocation_id', s.allocation_id)
            ORDER BY l.id)
        INTO v_moves
        FROM jsonb_to_recordset(p_moves) AS m (line_id uuid, seat_id uuid)
        JOIN {schema}.events_reservationline AS l
            ON l.performance_id = p_performance AND l.id = m.line_id
        JOIN {schema}.events_seat AS s ON s.performance_id = p_performance AND s.id = m.seat_id
        JOIN {schema}.events_seat AS o ON o.performance_id = p_performance AND o.id = l.seat_id;
    UPDATE {schema}.events_reservationline SET seat_id = NULL
        WHERE performance_id = p_performance AND id IN (
            SELECT m.line_id FROM jsonb_to_recordset(v_moves) AS m (line_id uuid));
    UPDATE {schema}.events_reservationline AS l
        SET seat_id = m.to_seat_id, allocation_id = m.to_allocation_id
        FROM jsonb_to_recordset(v_moves) AS m (line_id uuid, to_seat_id uuid, to_allocation_id uuid)
        WHERE l.performance_id = p_performance AND l.id = m.line_id;
    UPDATE {schema}.events_seat AS s SET status = coalesce(t.status, 'available')
        FROM jsonb_to_recordset(v_moves) AS f (from_seat_id uuid, to_seat_id uuid)
        CROSS JOIN LATERAL (VALUES (f.from_seat_id), (f.to_seat_id)) AS either (id)
        LEFT JOIN jsonb_to_recordset(v_moves) AS t (to_seat_id uuid, status text)
            ON t.to_seat_id = either.id
        WHERE s.performance_id = p_performance AND s.id = either.id;
    INSERT INTO {schema}.events_movement (id, performance_id, allocation_id, seat_id,
            reservation_id, from_state, to_state, quantity, operation, actor, reason, at)
        SELECT {schema}.uuid7(), p_performance, side.allocation_id, side.seat_id, m.reservation_id,
               side.was, side.becomes, 1, 'reseat', p_actor, p_reason, v_at
        FROM jsonb_to_recordset(v_moves) AS m (reservation_id uuid, status text, from_seat_id uuid,
            to_seat_id uuid, from_allocation_id uuid, to_allocation_id uuid)
        CROSS JOIN LATERAL (VALUES
            (m.from_allocation_id, m.from_seat_id, m.status, 'available'),
            (m.to_allocation_id, m.to_seat_id, 'available', m.status)
        ) AS side (allocation_id, seat_id, was, becomes);
    INSERT INTO {schema}.events_note
            (id, performance_id, reservation_id, operation, actor, reason, facts, at)
        SELECT {schema}.uuid7(), p_performance, m.reservation_id, 'reseat', p_actor, p_reason,
               jsonb_build_object('moves', jsonb_agg(jsonb_build_object('line_id', m.line_id,
                   'from_seat', m.from_seat, 'to_seat', m.to_seat) ORDER BY m.line_id)), v_at
        FROM jsonb_to_recordset(v_moves) AS m (
            reservation_id uuid, line_id uuid, from_seat text, to_seat text)
        GROUP BY m.reservation_id;
    -- One row a time in id order: a set-based UPDATE would lock in the order of its plan.
    FOR v_sum IN
        SELECT side.id, sum(side.n) AS places,
               coalesce(sum(side.n) FILTER (WHERE m.status = 'reserved'), 0) AS reserved
            FROM jsonb_to_recordset(v_moves) AS m (
                status text, from_allocation_id uuid, to_allocation_id uuid)
            CROSS JOIN LATERAL (VALUES
                (m.from_allocation_id, -1), (m.to_allocation_id, 1)) AS side (id, n)
            GROUP BY side.id ORDER BY side.id
    LOOP
        UPDATE {schema}.events_sectiontickettype
            SET available_capacity = available_capacity - v_sum.places,
                reserved_capacity = reserved_capacity + v_sum.reserved,
                sold_capacity = sold_capacity + v_sum.places - v_sum.reserved
            WHERE performance_id = p_performance AND id = v_sum.id;
    END LOOP;
    RETURN jsonb_build_object('outcome', 'reseated', 'moves', v_moves);
END $$;
