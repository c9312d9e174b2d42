-- lock_plan_change_v1: takes the locks of a change of plan below the sections, and expires the holds
-- past their deadline that stand in its way; returns those.
-- Locks: overdue reservations in the way by id; removed and updated seats by id; clear_way_v1's.
-- Holding the overdue reservations first keeps the order: nobody else can work on the seats they have.
CREATE FUNCTION {schema}.lock_plan_change_v1(
    p_performance uuid, p_removed uuid[], p_updated uuid[], p_unseated jsonb, p_actor text
) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
    v_allocations uuid[];
    v_quantities integer[];
    v_requests jsonb;
    v_overdue uuid[];
BEGIN
    SELECT coalesce(array_agg(a.id ORDER BY a.id), '{}'),
           coalesce(array_agg(coalesce(greatest(-u.change, 0), 0) ORDER BY a.id), '{}')
        INTO v_allocations, v_quantities
        FROM {schema}.events_sectiontickettype AS a
        LEFT JOIN jsonb_to_recordset(p_unseated) AS u (section_id uuid, change integer)
            ON u.section_id = a.section_id
        WHERE a.performance_id = p_performance;
    SELECT coalesce(jsonb_agg(r.request), '[]') INTO v_requests FROM (
        SELECT jsonb_build_object('allocation_id', a.id, 'quantity', a.quantity) AS request
        FROM unnest(v_allocations, v_quantities) AS a (id, quantity)
        UNION ALL SELECT jsonb_build_object('seat_id', s) FROM unnest(p_removed) AS s) AS r;
    v_overdue := {schema}.in_the_way_v1(p_performance, v_requests);
    PERFORM 1 FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = ANY (v_overdue)
        ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM {schema}.events_seat
        WHERE performance_id = p_performance AND id = ANY (p_removed || p_updated)
        ORDER BY id FOR NO KEY UPDATE;
    RETURN {schema}.clear_way_v1(p_performance, v_allocations, v_quantities, p_removed, p_actor,
        'in the way of a change of plan');
END $$;
