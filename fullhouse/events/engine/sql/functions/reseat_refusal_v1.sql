-- reseat_refusal_v1: why these moves, whose lines and seats the caller has locked, cannot be, or null.
-- What is named wrongly comes before what is taken. Outcomes: see reseat_v1. Reads only.
CREATE FUNCTION {schema}.reseat_refusal_v1(p_performance uuid, p_moves jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_refusal jsonb;
BEGIN
    SELECT CASE
            WHEN l.id IS NULL THEN
                jsonb_build_object('outcome', 'unknown', 'what', 'line', 'id', m.line_id)
            WHEN l.status NOT IN ('reserved', 'sold') THEN
                jsonb_build_object('outcome', 'not_live', 'line', l.id, 'status', l.status)
            WHEN l.seat_id IS NULL THEN jsonb_build_object('outcome', 'no_seat', 'line', l.id)
            WHEN s.id IS NULL THEN
                jsonb_build_object('outcome', 'unknown', 'what', 'seat', 'id', m.seat_id)
            WHEN s.id = l.seat_id THEN jsonb_build_object('outcome', 'same_seat', 'line', l.id,
                'seat', s.row_number || '-' || s.seat_number)
            WHEN old.currency <> new.currency THEN jsonb_build_object('outcome', 'mixed_currencies',
                'currencies', jsonb_build_array(old.currency, new.currency))
        END
        INTO v_refusal
        FROM ROWS FROM (jsonb_to_recordset(p_moves) AS (line_id uuid, seat_id uuid))
            WITH ORDINALITY AS m (line_id, seat_id, n)
        LEFT JOIN {schema}.events_reservationline AS l
            ON l.performance_id = p_performance AND l.id = m.line_id
        LEFT JOIN {schema}.events_sectiontickettype AS a
            ON a.performance_id = p_performance AND a.id = l.allocation_id
        LEFT JOIN {schema}.events_eventsection AS old
            ON old.performance_id = p_performance AND old.id = a.section_id
        LEFT JOIN {schema}.events_seat AS s ON s.performance_id = p_performance AND s.id = m.seat_id
        LEFT JOIN {schema}.events_eventsection AS new
            ON new.performance_id = p_performance AND new.id = s.section_id
        WHERE l.id IS NULL OR l.status NOT IN ('reserved', 'sold') OR l.seat_id IS NULL
           OR s.id IS NULL OR s.id = l.seat_id OR old.currency <> new.currency
        ORDER BY m.n LIMIT 1;
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT jsonb_build_object('outcome', 'seat_taken', 'seat_ids', jsonb_agg(s.id ORDER BY s.id),
            'seats', jsonb_agg(s.row_number || '-' || s.seat_number ORDER BY s.id))
        INTO v_refusal
        FROM jsonb_to_recordset(p_moves) AS m (seat_id uuid)
        JOIN {schema}.events_seat AS s ON s.performance_id = p_performance AND s.id = m.seat_id
        WHERE s.status <> 'available' AND s.id NOT IN (
            SELECT l.seat_id FROM jsonb_to_recordset(p_moves) AS given_up (line_id uuid)
            JOIN {schema}.events_reservationline AS l
                ON l.performance_id = p_performance AND l.id = given_up.line_id)
        HAVING count(*) > 0;
    RETURN v_refusal;
END $$;
