-- house_v1: the house sets places aside, with a reason and without a deadline: a Reservation of kind
-- house, status reserved. Any mix of unseated places of named allocations and of named seats, all or
-- nothing. give_back_v1 returns them.
-- Holds past their deadline that are in the way are expired in the same call.
-- Units: places. Locks: those of clear_way_v1.
-- Outcomes: set_aside {reservation_id, reference, quantity, lines: [{line_id, allocation_id, seat_id,
--   quantity}]}; refused: unknown {what, id}, seat_taken {seat_ids, seats},
--   sold_out {allocation_id, wanted, left} (left: places without a seat), key_reused.
-- SQLSTATEs: FH410, FH411, FH440 bad argument, FH401, FH402 the key, 55P03 lock timeout.
CREATE FUNCTION {schema}.house_v1(
    p_performance uuid, p_allocations uuid[], p_quantities integer[], p_seats uuid[],
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql
SET fullhouse.engine TO 'on'
SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    PERFORM {schema}.require_places_v1(p_seats, p_reason, true);
    IF cardinality(p_allocations) IS DISTINCT FROM cardinality(p_quantities)
            OR array_position(p_allocations, NULL) IS NOT NULL
            OR (SELECT count(DISTINCT a) FROM unnest(p_allocations) AS a)
                <> coalesce(cardinality(p_allocations), 0) THEN
        RAISE EXCEPTION 'allocation_ids: each once, with one quantity each' USING ERRCODE = 'FH440';
    ELSIF EXISTS (SELECT FROM unnest(p_quantities) AS q WHERE q IS NULL OR q < 1) THEN
        RAISE EXCEPTION 'quantities: % must be at least 1 place each', p_quantities
            USING ERRCODE = 'FH440';
    ELSIF coalesce(cardinality(p_allocations), 0) + coalesce(cardinality(p_seats), 0) = 0 THEN
        RAISE EXCEPTION 'seat_ids: name at least one place' USING ERRCODE = 'FH440';
    END IF;
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'house', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    BEGIN
        PERFORM {schema}.clear_way_v1(p_performance, p_allocations, p_quantities, p_seats, p_actor,
            'in the way of the house');
        v_outcome := {schema}.house_refusal_v1(p_performance, p_allocations, p_quantities, p_seats);
        IF v_outcome IS NOT NULL THEN
            RAISE EXCEPTION 'refused: nothing moves' USING ERRCODE = 'FH002';
        END IF;
        v_outcome := {schema}.set_aside_v1(
            p_performance, p_allocations, p_quantities, p_seats, p_actor, p_reason);
    EXCEPTION WHEN SQLSTATE 'FH002' THEN
        NULL;
    END;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
