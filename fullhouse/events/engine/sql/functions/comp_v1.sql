-- comp_v1: free places are given away: a reservation of kind comp, sold at once at price 0. Any mix of
-- unseated places of named allocations and of named seats, all or nothing, with a reason.
-- What they would have cost stays in a note. p_customer: who gets them. Places that the house keeps are
-- given away by hand_over_v1. Holds past their deadline that are in the way are expired in the same call.
-- Units: places. Locks: those of clear_way_v1.
-- Outcomes: given {reservation_id, reference, quantity, list_total, currency, lines: [{line_id,
--   allocation_id, seat_id, quantity}]} | unknown {what, id} | closed {status} (cancelled)
--   | seat_taken {seat_ids, seats} | sold_out {allocation_id, wanted, left} | mixed_currencies
--   | key_reused.
-- SQLSTATEs: FH410, FH411, FH440, FH434 bad argument, FH401, FH402 the key, 55P03.
CREATE FUNCTION {schema}.comp_v1(
    p_performance uuid, p_allocations uuid[], p_quantities integer[], p_seats uuid[],
    p_customer text, p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql
SET fullhouse.engine TO 'on'
SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_overdue uuid[];
    v_list jsonb;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    PERFORM {schema}.require_set_aside_v1(p_allocations, p_quantities, p_seats, p_reason);
    PERFORM {schema}.require_reserve_v1(1, 'comp', 'comp', NULL, p_customer, '');
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'comp', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    BEGIN
        v_overdue := {schema}.clear_way_v1(p_performance, p_allocations, p_quantities, p_seats,
            p_actor, 'in the way of a comp');
        v_outcome := {schema}.house_refusal_v1(p_performance, p_allocations, p_quantities, p_seats);
        IF v_outcome IS NOT NULL THEN
            RAISE EXCEPTION 'refused: nothing moves' USING ERRCODE = 'FH002';
        END IF;
        v_outcome := {schema}.set_aside_v1(p_performance, p_allocations, p_quantities, p_seats,
            p_actor, p_reason, 'comp', p_customer => p_customer);
        v_list := {schema}.list_prices_v1(p_performance, (v_outcome ->> 'reservation_id')::uuid);
        IF v_list ->> 'currency' IS NULL THEN
            v_outcome := jsonb_build_object(
                'outcome', 'mixed_currencies', 'currencies', v_list -> 'currencies');
            RAISE EXCEPTION 'refused: nothing moves' USING ERRCODE = 'FH002';
        END IF;
        PERFORM {schema}.note_comp_v1(p_performance, (v_outcome ->> 'reservation_id')::uuid, v_list,
            p_actor, p_reason);
        PERFORM {schema}.sell_lines_v1(
            p_performance, (v_outcome ->> 'reservation_id')::uuid, p_actor, p_reason);
        PERFORM {schema}.offer_freed_v1(p_performance, v_overdue, p_actor);
        v_outcome := v_outcome - '{kind,expires_at}'::text[] || jsonb_build_object('outcome', 'given',
            'list_total', v_list -> 'total', 'currency', v_list -> 'currency');
    EXCEPTION WHEN SQLSTATE 'FH002' THEN
        NULL;
    END;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
