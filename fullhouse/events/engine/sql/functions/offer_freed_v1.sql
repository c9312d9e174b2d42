-- offer_freed_v1: the waiting list is offered what these reservations have just freed, before the public
-- can see it: in the same transaction, at its end. Nothing unless list_first_v1.
-- Every verb that frees places for the public ends with it. Locks: those of offer_round_v1, without
-- waiting for any; lock_sections_v1 has locked the performance.
CREATE FUNCTION {schema}.offer_freed_v1(p_performance uuid, p_reservations uuid[], p_actor text)
RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_sections uuid[];
BEGIN
    IF NOT {schema}.list_first_v1(p_performance, p_reservations) THEN
        RETURN;
    END IF;
    SELECT array_agg(DISTINCT a.section_id) INTO v_sections
        FROM {schema}.events_reservationline AS l
        JOIN {schema}.events_sectiontickettype AS a
            ON a.performance_id = p_performance AND a.id = l.allocation_id
        WHERE l.performance_id = p_performance AND l.reservation_id = ANY (p_reservations);
    IF v_sections IS NOT NULL THEN
        PERFORM {schema}.offer_round_v1(
            p_performance, v_sections, NULL, 1000000, p_actor, 'places came free');
    END IF;
END $$;
