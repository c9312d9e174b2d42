-- draw_channel_v1: a sales channel hands over what it gives to a sale, in the sale's own call.
--
-- p_lines: planned lines; `from_channel` of each one's places are the channel's. What is released
-- soonest goes first; the clock is not asked again, so that what was counted is there. The places leave the channel's lines; a line that gives all it has is released, and
-- a reservation without a live line too. In the ledger: reserved -> available, hand_over, beside the
-- sale's available -> reserved; nobody else can see or take them in between, and no counter changes.
-- Locks: none; lock_channel_v1 has locked the channel's reservations.
CREATE FUNCTION {schema}.draw_channel_v1(
    p_performance uuid, p_channel text, p_lines jsonb, p_actor text, p_reason text
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_given jsonb;
BEGIN
    WITH wanted AS (
        SELECT w.allocation_id, w.seat_id, sum(w.from_channel) AS places
        FROM jsonb_to_recordset(p_lines) AS w (allocation_id uuid, seat_id uuid, from_channel integer)
        WHERE w.from_channel > 0 GROUP BY w.allocation_id, w.seat_id
    ), source AS (
        SELECT l.id, l.reservation_id, l.allocation_id, l.seat_id, l.quantity, w.places,
               sum(l.quantity) OVER (PARTITION BY l.allocation_id, l.seat_id
                   ORDER BY r.expires_at NULLS LAST, l.id) - l.quantity AS before
        FROM {schema}.events_reservation AS r
        JOIN {schema}.events_reservationline AS l
            ON l.performance_id = p_performance AND l.reservation_id = r.id AND l.status = 'reserved'
        JOIN wanted AS w ON w.allocation_id = l.allocation_id
            AND w.seat_id IS NOT DISTINCT FROM l.seat_id
        WHERE r.performance_id = p_performance AND r.kind = 'channel' AND r.channel = p_channel
          AND r.status = 'reserved'
    )
    SELECT jsonb_agg(jsonb_build_object('id', id, 'reservation_id', reservation_id,
            'allocation_id', allocation_id, 'seat_id', seat_id,
            'places', least(quantity, places - before), 'whole', quantity <= places - before))
        INTO v_given FROM source WHERE before < places;
    UPDATE {schema}.events_reservationline AS l
        SET status = CASE WHEN g.whole THEN 'released' ELSE l.status END,
            quantity = CASE WHEN g.whole THEN l.quantity ELSE l.quantity - g.places END
        FROM jsonb_to_recordset(v_given) AS g (id uuid, places integer, whole boolean)
        WHERE l.performance_id = p_performance AND l.id = g.id;
    INSERT INTO {schema}.events_movement (id, performance_id, allocation_id, seat_id,
            reservation_id, from_state, to_state, quantity, operation, actor, reason, at)
        SELECT {schema}.uuid7(), p_performance, g.allocation_id, g.seat_id, g.reservation_id,
               'reserved', 'available', g.places, 'hand_over', p_actor, p_reason, clock_timestamp()
        FROM jsonb_to_recordset(v_given) AS g (allocation_id uuid, seat_id uuid,
            reservation_id uuid, places integer);
    UPDATE {schema}.events_reservation AS r SET status = 'released'
        WHERE r.performance_id = p_performance AND r.id IN (
            SELECT g.reservation_id FROM jsonb_to_recordset(v_given) AS g (reservation_id uuid))
          AND NOT EXISTS (SELECT FROM {schema}.events_reservationline AS l
                          WHERE l.performance_id = p_performance AND l.reservation_id = r.id
                            AND l.status = 'reserved');
END $$;
