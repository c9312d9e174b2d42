-- waiting_fit_v1: free places that suffice for a waiting party, as the requests of a reserve, or null.
--
-- All of one section (p_sections: of these only), in the sections' order: places without a number of
-- the type's own allocation, then of the section's pool; else numbered seats (waiting_seats_v1). A
-- party that takes any type gets all of one allocation. Tickets of several places stay whole.
-- Locks: the allocations and seats returned, and those that turned out not to do. It waits for none:
-- what somebody else has in hand is not free. So it may come after any other lock.
CREATE FUNCTION {schema}.waiting_fit_v1(
    p_performance uuid, p_entry {schema}.events_waitingentry, p_sections uuid[]
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_group record;
    v_ids uuid[];
    v_unseated integer[];
    v_seats uuid[];
    v_first integer;
    v_allocation uuid;
BEGIN
    FOR v_group IN
        SELECT array_agg(a.id ORDER BY a.ticket_type_id IS NULL, a.id) AS ids,
               max(coalesce(t.places_per_ticket, 1)) AS size
            FROM {schema}.events_sectiontickettype AS a
            JOIN {schema}.events_eventsection AS s
                ON s.performance_id = p_performance AND s.id = a.section_id
            LEFT JOIN {schema}.events_tickettype AS t
                ON t.id = coalesce(p_entry.ticket_type_id, a.ticket_type_id)
            WHERE a.performance_id = p_performance
              AND a.section_id = coalesce(p_entry.section_id, a.section_id)
              AND (p_sections IS NULL OR a.section_id = ANY (p_sections))
              AND (p_entry.ticket_type_id IS NULL OR a.ticket_type_id IS NULL
                OR a.ticket_type_id = p_entry.ticket_type_id)
              AND coalesce(t.is_active, true)
            GROUP BY s.position, s.id, CASE WHEN p_entry.ticket_type_id IS NULL THEN a.id END
            HAVING sum(a.available_capacity) >= p_entry.quantity
                AND p_entry.quantity % max(coalesce(t.places_per_ticket, 1)) = 0
            ORDER BY s.position, s.id, (array_agg(a.id))[1]
    LOOP
        SELECT array_agg(f.id ORDER BY f.pool, f.id), array_agg(f.unseated ORDER BY f.pool, f.id)
            INTO v_ids, v_unseated FROM (
            SELECT id, ticket_type_id IS NULL AS pool,
                   unseated_available / v_group.size * v_group.size AS unseated
                FROM {schema}.events_sectiontickettype
                WHERE performance_id = p_performance AND id = ANY (v_group.ids)
                ORDER BY id FOR NO KEY UPDATE SKIP LOCKED) AS f;
        CONTINUE WHEN v_ids IS NULL;
        IF v_unseated[1] + coalesce(v_unseated[2], 0) >= p_entry.quantity THEN
            v_first := least(v_unseated[1], p_entry.quantity);
            RETURN (SELECT jsonb_agg(jsonb_build_object('allocation_id', w.id,
                        'quantity', w.quantity, 'ticket_type_id', p_entry.ticket_type_id) ORDER BY w.n)
                    FROM (VALUES (1, v_ids[1], v_first), (2, v_ids[2], p_entry.quantity - v_first))
                        AS w (n, id, quantity)
                    WHERE w.quantity > 0);
        END IF;
        v_seats := CASE WHEN v_group.size = 1 THEN {schema}.waiting_seats_v1(
            p_performance, v_ids, p_entry.quantity, p_entry.together) END;
        FOREACH v_allocation IN ARRAY CASE WHEN v_group.size > 1 THEN v_ids ELSE '{}' END LOOP
            v_seats := coalesce(v_seats, {schema}.waiting_seats_v1(
                p_performance, ARRAY[v_allocation], p_entry.quantity, p_entry.together));
        END LOOP;
        IF v_seats IS NOT NULL THEN
            RETURN (SELECT jsonb_agg(jsonb_build_object('seat_id', w.id,
                        'ticket_type_id', p_entry.ticket_type_id) ORDER BY w.n)
                    FROM unnest(v_seats) WITH ORDINALITY AS w (id, n));
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
