-- claim_row_v1: lock one row of seats and look at it for a party; the row's own numbers are corrected.
--
-- Returns look_at_row_v1's answer as JSON; `told`: the row's numbers alone say that it will not do. Or
-- {"problem": "busy"}: another search has the row.
-- Locks: the seat row, if nobody has it, until the transaction ends.
CREATE FUNCTION {schema}.claim_row_v1(
    p_performance uuid, p_section uuid, p_row integer, p_seats integer, p_allocations uuid[],
    p_accessible integer, p_protect boolean, p_restricted boolean, p_orphan boolean, p_focal integer
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_known {schema}.events_seatrow;
    v_look record;
BEGIN
    SELECT * INTO v_known FROM {schema}.events_seatrow
        WHERE performance_id = p_performance AND section_id = p_section AND row_rank = p_row
        FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN '{"problem": "busy"}';
    END IF;
    -- Marks go before the look: one that comes later is of seats that this look may not see.
    DELETE FROM {schema}.events_seatrowmark
        WHERE performance_id = p_performance AND section_id = p_section AND row_rank = p_row;
    IF NOT FOUND AND v_known.longest < p_seats AND v_known.recheck_at > clock_timestamp() THEN
        RETURN '{"problem": "too_short", "told": true}';
    END IF;
    SELECT * INTO v_look FROM {schema}.look_at_row_v1(p_performance, p_section, p_row, p_seats,
        p_allocations, p_accessible, p_protect, p_restricted, p_orphan, p_focal);
    IF (v_known.longest, v_known.recheck_at, v_known.allocations, v_known.accessible) IS DISTINCT FROM
            (v_look.longest, v_look.recheck_at, v_look.allocations, v_look.accessible) THEN
        UPDATE {schema}.events_seatrow
            SET longest = v_look.longest, recheck_at = v_look.recheck_at,
                allocations = v_look.allocations, accessible = v_look.accessible
            WHERE performance_id = p_performance AND section_id = p_section AND row_rank = p_row;
    END IF;
    RETURN jsonb_build_object('problem', v_look.problem, 'told', v_look.longest < p_seats
            OR NOT v_look.allocations && p_allocations OR v_look.accessible < p_accessible, 'quality', v_look.quality,
        'seat_ids', v_look.seat_ids, 'overdue', v_look.overdue,
        'longest_after', v_look.longest_after);
END $$;
