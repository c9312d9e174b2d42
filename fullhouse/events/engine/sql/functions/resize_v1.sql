-- resize_v1: gives an allocation or a section a new size, in places; section, performance and ledger
-- follow. Scope 'allocation': `p_allocation` becomes `p_capacity` places. Scope 'section':
-- `p_section` becomes `p_capacity` places and the difference is put on `p_allocation`, or on the
-- section's pool (null; made if it is missing). Growing adds places without a seat. Shrinking takes
-- such places; numbered seats only those named in `p_seats`.
-- A removed seat leaves the lines of the past that had it; the ledger keeps its id.
-- Holds past their deadline that are in the way are expired in the same call.
-- Locks: venue, event (FOR SHARE), performance, section, then those of clear_way_v1.
-- Outcomes: resized {section_id, allocation_id, allocated_capacity, total_capacity, max_capacity,
--   change}; refused, with the numbers: unknown {what, id},
--   below_committed {scope, capacity, committed, reserved_capacity, sold_capacity},
--   not_enough_here {allocation_id, wanted, available_capacity} (the section's free places lie in
--   other allocations), needs_seats {wanted, unseated_available, named, free_seats},
--   seat_taken {seat_ids, seats}, seat_elsewhere {seat_ids}, over_venue {venue_capacity, max_capacity, added, needed},
--   key_reused.
-- SQLSTATEs: FH410, FH411, FH440 bad argument, FH401, FH402 the key, 40001, 55P03, 25I01.
CREATE FUNCTION {schema}.resize_v1(
    p_performance uuid, p_scope text, p_section uuid, p_allocation uuid, p_capacity integer,
    p_seats uuid[], p_actor text, p_reason text,
    p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql
SET fullhouse.engine TO 'on'
SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    PERFORM {schema}.require_places_v1(p_seats, p_reason, false);
    IF p_capacity IS NULL OR p_capacity < 0 THEN
        RAISE EXCEPTION 'capacity: % must be 0 or more places', coalesce(p_capacity::text, 'null')
            USING ERRCODE = 'FH440';
    ELSIF (p_scope = 'allocation' AND p_allocation IS NOT NULL) IS NOT TRUE
            AND (p_scope = 'section' AND p_section IS NOT NULL) IS NOT TRUE THEN
        RAISE EXCEPTION 'scope: % must be section or allocation, with its id', p_scope
            USING ERRCODE = 'FH440';
    END IF;
    PERFORM {schema}.require_read_committed('I1');
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'resize', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    PERFORM {schema}.capacity_checks_v1('later');
    BEGIN
        v_outcome := {schema}.resize_locked_v1(p_performance, p_scope, p_section, p_allocation,
            p_capacity, coalesce(p_seats, '{}'), p_actor, p_reason);
        IF v_outcome ->> 'outcome' <> 'resized' THEN
            RAISE EXCEPTION 'refused: nothing moves' USING ERRCODE = 'FH002';
        END IF;
        PERFORM {schema}.capacity_checks_v1('now');
    EXCEPTION WHEN SQLSTATE 'FH002' THEN
        NULL;
    END;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
