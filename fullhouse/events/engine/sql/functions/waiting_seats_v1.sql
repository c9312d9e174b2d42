-- waiting_seats_v1: free seats of these allocations of one section for a party, or null.
--
-- p_together: side by side in one row (by rank, never by label), the first that suffice; else in the
-- order of rows and seats. Where the section's orphan rule is on, seats side by side that leave no single
-- seat come first, for every party; only where there are none may a single seat be left.
-- Accessible and companion seats stay out until the performance releases them.
-- Locks: the seats returned; those that somebody has in hand are passed over, not waited for.
CREATE FUNCTION {schema}.waiting_seats_v1(
    p_performance uuid, p_allocations uuid[], p_quantity integer, p_together boolean
) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
    v_open boolean;
    v_orphan boolean;
    v_in_hand uuid[] := '{}';
    v_wanted uuid[];
    v_locked uuid[];
BEGIN
    SELECT coalesce(p.accessible_release_at <= clock_timestamp(), false), s.orphan_rule
        INTO v_open, v_orphan
        FROM {schema}.events_eventperformance AS p
        JOIN {schema}.events_sectiontickettype AS a
            ON a.performance_id = p.id AND a.id = p_allocations[1]
        JOIN {schema}.events_eventsection AS s ON s.performance_id = p.id AND s.id = a.section_id
        WHERE p.id = p_performance;
    LOOP
        v_wanted := NULL;
        IF p_together OR v_orphan THEN
            v_wanted := {schema}.waiting_window_v1(
                p_performance, p_allocations, p_quantity, v_open, v_orphan, v_in_hand);
        END IF;
        IF v_wanted IS NULL AND NOT p_together THEN
            SELECT array_agg(f.id) INTO v_wanted FROM (
                SELECT s.id FROM {schema}.events_seat AS s
                    WHERE s.performance_id = p_performance
                      AND s.allocation_id = ANY (p_allocations)
                      AND s.status = 'available' AND s.id <> ALL (v_in_hand)
                      AND (v_open OR NOT (s.is_accessible OR s.is_companion))
                    ORDER BY s.row_rank, s.row_number, s.seat_rank, s.id LIMIT p_quantity) AS f
                HAVING count(*) = p_quantity;
        END IF;
        IF v_wanted IS NULL THEN
            RETURN NULL;
        END IF;
        SELECT coalesce(array_agg(l.id), '{}') INTO v_locked FROM (
            SELECT id FROM {schema}.events_seat
                WHERE performance_id = p_performance AND id = ANY (v_wanted)
                  AND status = 'available'
                ORDER BY id FOR NO KEY UPDATE SKIP LOCKED) AS l;
        IF v_wanted <@ v_locked THEN
            RETURN v_wanted;
        END IF;
        v_in_hand := v_in_hand || ARRAY(
            SELECT w FROM unnest(v_wanted) AS w WHERE w <> ALL (v_locked));
    END LOOP;
END $$;
