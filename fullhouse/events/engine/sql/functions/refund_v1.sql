-- refund_v1: take sold places back, whole reservation or some lines; they become available.
--
-- p_lines: NULL (every sold line) or [{"line_id": uuid, "quantity": places or null (all)}], each
-- line once. Part of a general-admission line becomes a line of its own, refunded.
-- Overbooked places are never made available: allocation, section and performance shrink by them.
-- The reservation is `refunded` when nothing live remains. Allowed whatever the performance's
-- status: a cancelled performance is refunded too.
-- Locks: performance and sections (by id) where a line is overbooked; reservation; seats by id;
-- allocations by id.
-- Outcomes: refunded {reservation_id, places, status, amount} | unknown {what, id} | not_sold {status}
-- | too_many {line, sold, wanted} | key_reused.
-- SQLSTATE: FH410, FH411 see require_arguments_v1; FH420 lines malformed, FH421 a quantity,
-- FH422 a line twice; FH401, FH402; 55P03.
CREATE FUNCTION {schema}.refund_v1(
    p_performance uuid, p_reservation uuid, p_lines jsonb,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_chosen jsonb;
    v_status text;
    v_amount numeric;
    v_places integer;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_reservation, p_actor, p_reason);
    PERFORM {schema}.require_refund_lines_v1(p_lines);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'refund', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    PERFORM {schema}.lock_sections_v1(p_performance, ARRAY[p_reservation]);
    SELECT status INTO v_status FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = p_reservation FOR NO KEY UPDATE;
    v_chosen := {schema}.refund_lines_v1(p_performance, p_reservation, v_status, p_lines);
    IF v_chosen ? 'outcome' THEN
        RETURN {schema}.operation_end_v1(p_performance, p_key, v_chosen);
    END IF;
    SELECT sum(c.quantity * l.unit_price) INTO v_amount
        FROM jsonb_to_recordset(v_chosen -> 'lines') AS c (id uuid, quantity integer)
        JOIN {schema}.events_reservationline AS l
            ON l.performance_id = p_performance AND l.id = c.id;
    SELECT {schema}.free_lines_v1(p_performance, array_agg(c.id), array_agg(c.quantity),
            'refunded', 'refund', p_actor, p_reason)
        INTO v_places
        FROM jsonb_to_recordset(v_chosen -> 'lines') AS c (id uuid, quantity integer);
    IF NOT EXISTS (SELECT FROM {schema}.events_reservationline
            WHERE performance_id = p_performance AND reservation_id = p_reservation
              AND status IN ('reserved', 'sold')) THEN
        v_status := 'refunded';
        UPDATE {schema}.events_reservation SET status = v_status
            WHERE performance_id = p_performance AND id = p_reservation;
    END IF;
    v_outcome := jsonb_build_object('outcome', 'refunded', 'reservation_id', p_reservation,
        'places', v_places, 'status', v_status, 'amount', v_amount::text);
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
