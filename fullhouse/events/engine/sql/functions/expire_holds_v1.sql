-- expire_holds_v1: end locked holds whose deadline has passed. Returns the places that came free.
-- Locks: those of free_lines_v1. The caller has locked the reservations and, where a line is
-- overbooked, performance and sections. `expires_at` stays: it says when.
CREATE FUNCTION {schema}.expire_holds_v1(
    p_performance uuid, p_reservations uuid[], p_actor text, p_reason text
) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_lines uuid[];
BEGIN
    UPDATE {schema}.events_reservation SET status = 'expired'
        WHERE performance_id = p_performance AND id = ANY (p_reservations);
    SELECT array_agg(id) INTO v_lines FROM {schema}.events_reservationline
        WHERE performance_id = p_performance AND reservation_id = ANY (p_reservations)
          AND status = 'reserved';
    RETURN {schema}.free_lines_v1(
        p_performance, v_lines, NULL, 'expired', 'expire', p_actor, p_reason);
END $$;
