-- expire_holds_v1: end locked holds whose deadline has passed. Returns the places that came free.
-- What was set aside until then (house, kill, channel) is released as scheduled, and the ledger says
-- so; a party of the waiting list whose offer it was has lost it.
-- Locks: those of free_lines_v1. The caller has locked the reservations and, where a line is
-- overbooked, performance and sections. `expires_at` stays: it says when.
CREATE FUNCTION {schema}.expire_holds_v1(
    p_performance uuid, p_reservations uuid[], p_actor text, p_reason text
) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_lines uuid[];
    v_kept uuid[];
    v_places integer := 0;
BEGIN
    UPDATE {schema}.events_reservation SET status = 'expired'
        WHERE performance_id = p_performance AND id = ANY (p_reservations);
    PERFORM {schema}.end_offers_v1(p_performance, p_reservations, 'expired');
    SELECT array_agg(l.id) FILTER (WHERE r.kind NOT IN ('house', 'kill', 'channel')),
           array_agg(l.id) FILTER (WHERE r.kind IN ('house', 'kill', 'channel'))
        INTO v_lines, v_kept
        FROM {schema}.events_reservationline AS l
        JOIN {schema}.events_reservation AS r
            ON r.performance_id = p_performance AND r.id = l.reservation_id
        WHERE l.performance_id = p_performance AND l.reservation_id = ANY (p_reservations)
          AND l.status = 'reserved';
    IF v_kept IS NOT NULL THEN
        PERFORM {schema}.lock_lines_v1(p_performance, v_lines || v_kept);
        v_places := {schema}.free_lines_v1(p_performance, v_kept, NULL, 'expired', 'expire', p_actor,
            left(concat_ws(': ', 'scheduled release', nullif(p_reason, '')), 255));
    END IF;
    IF v_lines IS NOT NULL THEN
        v_places := v_places + {schema}.free_lines_v1(
            p_performance, v_lines, NULL, 'expired', 'expire', p_actor, p_reason);
    END IF;
    RETURN v_places;
END $$;
