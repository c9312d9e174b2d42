-- late_refusal_v1: make a hold past its deadline fit to be sold; NULL when it is, else the refusal.
--
-- A hold that is still `reserved` has its places, overdue or not: nobody has needed them. A swept
-- one takes them again. Other holds past their deadline do not stand in its way.
-- Locks: the customer, where a limit counts; performance (one buyer at a time expires holds, see
-- lock_in_the_way_v1); sections where a line is overbooked; reservations by id, this one among them;
-- seats by id; allocations by id.
CREATE FUNCTION {schema}.late_refusal_v1(
    p_performance uuid, p_reservation uuid, p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_performance text;
    v_kind text;
    v_overdue uuid[];
    v_refusal jsonb;
BEGIN
    PERFORM {schema}.lock_customer_v1(p_performance, customer) FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = p_reservation AND kind = 'sale';
    SELECT status INTO v_performance FROM {schema}.events_eventperformance
        WHERE id = p_performance FOR NO KEY UPDATE;
    SELECT {schema}.in_the_way_v1(p_performance, jsonb_agg(CASE
            WHEN w.seat_id IS NOT NULL THEN jsonb_build_object('seat_id', w.seat_id)
            ELSE jsonb_build_object('allocation_id', w.allocation_id, 'quantity', w.places) END))
        INTO v_overdue
        FROM (SELECT seat_id, allocation_id, sum(quantity) AS places
              FROM {schema}.events_reservationline
              WHERE performance_id = p_performance AND reservation_id = p_reservation
                AND status IN ('reserved', 'expired')
              GROUP BY seat_id, allocation_id) AS w;
    v_overdue := coalesce(v_overdue, '{}');
    PERFORM {schema}.lock_sections_v1(p_performance, v_overdue);
    SELECT coalesce(array_agg(id) FILTER (WHERE id <> p_reservation), '{}') INTO v_overdue FROM (
        SELECT id FROM {schema}.events_reservation
            WHERE performance_id = p_performance AND (id = p_reservation
                OR id = ANY (v_overdue) AND status = 'reserved' AND expires_at <= clock_timestamp())
            ORDER BY id FOR NO KEY UPDATE) AS held;
    v_refusal := {schema}.lock_hold_v1(p_performance, p_reservation);
    SELECT kind INTO v_kind FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = p_reservation;
    IF v_refusal IS NOT NULL AND (v_refusal ->> 'status' IS DISTINCT FROM 'expired'
            OR v_kind NOT IN ('sale', 'comp', 'legacy')) THEN
        RETURN v_refusal;
    ELSIF v_performance = 'cancelled' THEN
        RETURN jsonb_build_object('outcome', 'closed', 'status', v_performance,
            'opens_at', NULL, 'closes_at', NULL);
    ELSIF v_refusal IS NULL THEN
        RETURN NULL;
    END IF;
    v_refusal := {schema}.late_rules_refusal_v1(p_performance, p_reservation);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    RETURN {schema}.retake_v1(p_performance, p_reservation, v_overdue, p_actor, p_reason);
END $$;
