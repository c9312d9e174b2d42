-- retake_refusal_v1: what of an expired hold cannot be had again; NULL when all of it can.
--
-- Counts as free what is available, and what the locked holds p_overdue would give back. A seat that
-- is another allocation's by now is gone; so are overbooked places, which left the house when the
-- hold expired. Refusal: gone {reservation_id, seat_ids, seats (labels), wanted, left (sums of the
-- short allocations), short [{allocation_id, wanted, left}]}.
-- Locks: seats by id, allocations by id, of the lines and of p_overdue.
CREATE FUNCTION {schema}.retake_refusal_v1(
    p_performance uuid, p_reservation uuid, p_overdue uuid[], p_lines uuid[]
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_seats jsonb;
    v_labels jsonb;
    v_short jsonb;
    v_wanted bigint;
    v_left bigint;
    v_all uuid[];
BEGIN
    SELECT array_agg(id) INTO v_all FROM {schema}.events_reservationline
        WHERE performance_id = p_performance AND (id = ANY (p_lines)
            OR reservation_id = ANY (p_overdue) AND status = 'reserved');
    PERFORM 1 FROM {schema}.events_seat WHERE performance_id = p_performance AND id IN (
            SELECT seat_id FROM {schema}.events_reservationline
            WHERE performance_id = p_performance AND id = ANY (v_all))
        ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM {schema}.events_sectiontickettype WHERE performance_id = p_performance AND id IN (
            SELECT allocation_id FROM {schema}.events_reservationline
            WHERE performance_id = p_performance AND id = ANY (v_all))
        ORDER BY id FOR NO KEY UPDATE;
    SELECT jsonb_agg(s.id ORDER BY s.id),
           jsonb_agg(s.row_number || '-' || s.seat_number ORDER BY s.id) INTO v_seats, v_labels
        FROM {schema}.events_reservationline AS l
        JOIN {schema}.events_seat AS s ON s.performance_id = p_performance AND s.id = l.seat_id
        WHERE l.performance_id = p_performance AND l.id = ANY (p_lines)
          AND (s.allocation_id <> l.allocation_id OR s.status <> 'available' AND NOT EXISTS (
              SELECT FROM {schema}.events_reservationline AS back
              WHERE back.performance_id = p_performance AND back.seat_id = s.id
                AND back.reservation_id = ANY (p_overdue) AND back.status = 'reserved'));
    SELECT sum(w.wanted), sum(w.free), jsonb_agg(jsonb_build_object(
               'allocation_id', w.id, 'wanted', w.wanted, 'left', w.free) ORDER BY w.id)
        INTO v_wanted, v_left, v_short
        FROM (
            SELECT a.id, sum(l.quantity) FILTER (WHERE l.id = ANY (p_lines)) AS wanted,
                   CASE WHEN bool_or(l.overbooked AND l.id = ANY (p_lines)) THEN 0
                       ELSE min(a.unseated_available) + coalesce(sum(l.quantity) FILTER (
                           WHERE l.id <> ALL (p_lines) AND NOT l.overbooked), 0) END AS free
            FROM {schema}.events_reservationline AS l
            JOIN {schema}.events_sectiontickettype AS a
                ON a.performance_id = p_performance AND a.id = l.allocation_id
            WHERE l.performance_id = p_performance AND l.id = ANY (v_all) AND l.seat_id IS NULL
            GROUP BY a.id
        ) AS w
        WHERE w.wanted > w.free;
    IF v_seats IS NULL AND v_short IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN jsonb_build_object('outcome', 'gone', 'reservation_id', p_reservation,
        'seat_ids', coalesce(v_seats, '[]'), 'seats', coalesce(v_labels, '[]'),
        'wanted', coalesce(v_wanted, 0), 'left', coalesce(v_left, 0),
        'short', coalesce(v_short, '[]'));
END $$;
