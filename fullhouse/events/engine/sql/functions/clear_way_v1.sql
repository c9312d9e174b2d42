-- clear_way_v1: takes the locks of a structural change on places, and expires the holds past their
-- deadline that stand in its way. `p_quantities`: places without a seat wanted of each allocation.
-- Returns the expired holds: who took only some of their places ends with offer_freed_v1.
-- Locks: performance; sections where overbooked; reservations by id; seats by id; allocations by id.
-- The caller decides under these locks, and rolls back to before this call where it refuses.
CREATE FUNCTION {schema}.clear_way_v1(
    p_performance uuid, p_allocations uuid[], p_quantities integer[], p_seats uuid[], p_actor text,
    p_reason text
) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
    v_requests jsonb;
    v_overdue uuid[];
BEGIN
    SELECT coalesce(jsonb_agg(r.request), '[]') INTO v_requests FROM (
        SELECT jsonb_build_object('allocation_id', a.id, 'quantity', a.quantity) AS request
        FROM unnest(p_allocations, p_quantities) AS a (id, quantity)
        UNION ALL SELECT jsonb_build_object('seat_id', s) FROM unnest(p_seats) AS s) AS r;
    v_overdue := {schema}.lock_in_the_way_v1(p_performance, v_requests);
    IF v_overdue <> '{}' THEN
        PERFORM {schema}.expire_holds_v1(p_performance, v_overdue, p_actor, p_reason);
    END IF;
    RETURN v_overdue;
END $$;
