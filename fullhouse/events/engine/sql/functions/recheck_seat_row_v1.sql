-- recheck_seat_row_v1: the next search looks at this row's seats, whatever it knew of them.
--
-- For whoever frees a seat, changes what it is, or brings a deadline forward; waits for nobody,
-- and so may be called under any lock. The row stays locked until the caller commits, so that no
-- search writes down what it saw before; where a search has it, a mark is left instead.
-- Locks: the seat row, if nobody has it.
CREATE FUNCTION {schema}.recheck_seat_row_v1(
    p_performance uuid, p_section uuid, p_row integer
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM {schema}.events_seatrow
        WHERE performance_id = p_performance AND section_id = p_section AND row_rank = p_row
        FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        INSERT INTO {schema}.events_seatrowmark (performance_id, section_id, row_rank)
            VALUES (p_performance, p_section, p_row);
        RETURN;
    END IF;
    UPDATE {schema}.events_seatrow
        SET longest = 2147483647, recheck_at = 'infinity', allocations = NULL, accessible = NULL
        WHERE performance_id = p_performance AND section_id = p_section AND row_rank = p_row
          AND (longest < 2147483647 OR allocations IS NOT NULL);
END $$;
