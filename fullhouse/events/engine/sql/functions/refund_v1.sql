-- refund_v1: take sold places back, whole reservation or some lines; they become available.
--
-- p_lines: NULL (every sold line) or [{"line_id": uuid, "quantity": places or null (all)}], each
-- line once. Part of a general-admission line, in whole tickets, becomes a line of its own, refunded.
-- Overbooked places are never made available: allocation, section and performance shrink by them.
-- The reservation is `refunded` when nothing live remains. Allowed whatever the performance's
-- status: a cancelled performance is refunded too.
-- Locks: performance and sections (by id) where a line is overbooked; reservation; seats by id;
-- allocations by id.
-- Outcomes: refunded {reservation_id, places, status, amount, currency,
--   lines[{line_id, quantity, amount}]} | unknown {what, id} | not_sold {status, line}
--   | too_many {line, held, wanted} | part_of_ticket {line, places_per_ticket, wanted} | key_reused.
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
    v_places integer;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_reservation, p_actor, p_reason);
    PERFORM {schema}.require_lines_v1(p_lines);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'refund', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    PERFORM {schema}.lock_sections_v1(p_performance, ARRAY[p_reservation]);
    SELECT status INTO v_status FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = p_reservation FOR NO KEY UPDATE;
    v_chosen := CASE
        WHEN v_status IS NULL THEN
            jsonb_build_object('outcome', 'unknown', 'what', 'reservation', 'id', p_reservation)
        WHEN v_status <> 'sold' THEN jsonb_build_object(
            'outcome', 'not_sold', 'reservation_id', p_reservation, 'status', v_status)
        ELSE {schema}.chosen_lines_v1(
            p_performance, p_reservation, v_status, p_lines, 'not_sold')
        END;
    IF v_chosen ? 'outcome' THEN
        RETURN {schema}.operation_end_v1(p_performance, p_key, v_chosen);
    END IF;
    v_places := {schema}.give_up_lines_v1(
        p_performance, v_chosen -> 'lines', v_status, 'refund', p_actor, p_reason);
    v_outcome := v_chosen || jsonb_build_object('outcome', 'refunded',
        'reservation_id', p_reservation, 'places', v_places,
        'status', {schema}.end_if_empty_v1(p_performance, p_reservation));
    PERFORM {schema}.offer_freed_v1(p_performance, ARRAY[p_reservation], p_actor);
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
