-- reallocate_v1: moves unsold places of one allocation to another ticket type of the same section
-- (null: the pool; made if missing): `p_quantity` places without a seat, and the seats named.
-- The section keeps its size. A seat without a price of its own takes the price of its new type.
-- Holds past their deadline that are in the way are expired in the same call.
-- Units: places. Locks: performance, section, then those of clear_way_v1, with both allocations.
-- Outcomes: reallocated {from_allocation_id, to_allocation_id, quantity, seats,
--   from_allocated_capacity, to_allocated_capacity}; refused: unknown {what, id},
--   same_allocation {allocation_id}, seat_taken {seat_ids, seats}, seat_elsewhere {seat_ids},
--   sold_out {allocation_id, wanted, left} (left: places without a seat), key_reused.
-- SQLSTATEs: FH410, FH411, FH440 bad argument, FH401, FH402 the key, 55P03, 25I01.
CREATE FUNCTION {schema}.reallocate_v1(
    p_performance uuid, p_allocation uuid, p_ticket_type uuid, p_quantity integer, p_seats uuid[],
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql
SET fullhouse.engine TO 'on'
SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    PERFORM {schema}.require_places_v1(p_seats, p_reason, false);
    IF p_allocation IS NULL THEN
        RAISE EXCEPTION 'allocation_id: is missing' USING ERRCODE = 'FH440';
    ELSIF p_quantity IS NULL OR p_quantity < 0 THEN
        RAISE EXCEPTION 'quantity: % must be 0 or more places', coalesce(p_quantity::text, 'null')
            USING ERRCODE = 'FH440';
    ELSIF p_quantity + coalesce(cardinality(p_seats), 0) = 0 THEN
        RAISE EXCEPTION 'quantity: name at least one place or seat' USING ERRCODE = 'FH440';
    END IF;
    PERFORM {schema}.require_read_committed('I3');
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'reallocate', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    PERFORM {schema}.capacity_checks_v1('later');
    BEGIN
        v_outcome := {schema}.reallocate_locked_v1(p_performance, p_allocation, p_ticket_type,
            p_quantity, coalesce(p_seats, '{}'), p_actor, p_reason);
        IF v_outcome ->> 'outcome' <> 'reallocated' THEN
            RAISE EXCEPTION 'refused: nothing moves' USING ERRCODE = 'FH002';
        END IF;
        PERFORM {schema}.capacity_checks_v1('now');
    EXCEPTION WHEN SQLSTATE 'FH002' THEN
        NULL;
    END;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
