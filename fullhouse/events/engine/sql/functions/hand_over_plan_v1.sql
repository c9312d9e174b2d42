-- hand_over_plan_v1: which lines of a locked source are passed on, and as which lines.
--
-- Returns {"chosen": [{line_id, quantity}], "lines": [as in reserve_plan_v1], "currency", "total"} or
-- a refusal of hand_over_v1. Prices: see there. Reads only.
CREATE FUNCTION {schema}.hand_over_plan_v1(
    p_performance uuid, p_reservation uuid, p_lines jsonb, p_kind text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_chosen jsonb;
    v_plan jsonb;
    v_line uuid;
BEGIN
    v_chosen := {schema}.chosen_lines_v1(
        p_performance, p_reservation, 'reserved', p_lines, 'not_reserved');
    IF v_chosen ? 'outcome' THEN
        RETURN v_chosen;
    END IF;
    SELECT l.id INTO v_line
        FROM jsonb_to_recordset(v_chosen -> 'lines') AS c (line_id uuid)
        JOIN {schema}.events_reservationline AS l
            ON l.performance_id = p_performance AND l.id = c.line_id
        WHERE l.overbooked ORDER BY l.id LIMIT 1;
    IF FOUND THEN
        RETURN jsonb_build_object('outcome', 'overbooked', 'line', v_line);
    END IF;
    v_plan := CASE WHEN p_kind IN ('sale', 'comp') AND EXISTS (
            SELECT FROM {schema}.events_reservation
            WHERE performance_id = p_performance AND id = p_reservation
              AND kind IN ('house', 'kill', 'channel'))
        THEN {schema}.price_lines_v1(p_performance, p_reservation, v_chosen -> 'lines', p_lines)
        ELSE {schema}.copy_lines_v1(p_performance, v_chosen) END;
    IF v_plan ? 'outcome' THEN
        RETURN v_plan;
    END IF;
    RETURN v_plan || jsonb_build_object('chosen', v_chosen -> 'lines');
END $$;
