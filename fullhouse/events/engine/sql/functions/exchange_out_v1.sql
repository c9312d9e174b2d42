-- exchange_out_v1: the half of an exchange that gives lines up, in the performance they leave.
--
-- Part of a transaction that has locked both performances (lock_performance_v1) and that undoes this
-- where exchange_in_v1 is refused. p_lines: see exchange_v1. p_reference: of the reservation that
-- replaces them in the other performance, for the Note. A reservation that has nothing live left ends.
-- Locks: sections where a line is overbooked; reservation, seats, allocations, by id.
-- Outcomes: given_up {reservation_id, status (of the lines given up: reserved or sold), kind,
--   seconds_left (of its deadline, 1 to 604800), customer, channel, currency, amount,
--   lines[{line_id, quantity, amount}]}
--   | unknown | kept_by_house {kind} | not_live {status} | expired {expires_at} | too_many
--   | part_of_ticket.
-- SQLSTATE: FH410, FH411, FH420 to FH422; 55P03.
CREATE FUNCTION {schema}.exchange_out_v1(
    p_performance uuid, p_reservation uuid, p_lines jsonb, p_to_performance uuid, p_reference text,
    p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_row {schema}.events_reservation;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_reservation, p_actor, p_reason);
    PERFORM {schema}.require_lines_v1(p_lines);
    PERFORM {schema}.lock_sections_v1(p_performance, ARRAY[p_reservation]);
    SELECT * INTO v_row FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = p_reservation FOR NO KEY UPDATE;
    v_outcome := coalesce({schema}.changeable_v1(p_performance, p_reservation),
        {schema}.chosen_lines_v1(p_performance, p_reservation, v_row.status, p_lines, 'not_live'));
    IF v_outcome ? 'outcome' THEN
        RETURN v_outcome;
    END IF;
    PERFORM {schema}.give_up_lines_v1(
        p_performance, v_outcome -> 'lines', v_row.status, 'exchange', p_actor, p_reason);
    PERFORM {schema}.end_if_empty_v1(p_performance, p_reservation);
    PERFORM {schema}.offer_freed_v1(p_performance, ARRAY[p_reservation], p_actor);
    INSERT INTO {schema}.events_note
            (id, performance_id, reservation_id, operation, actor, reason, facts, at)
        VALUES ({schema}.uuid7(), p_performance, p_reservation, 'exchange', p_actor, p_reason,
            jsonb_build_object('to_performance_id', p_to_performance, 'to_reference', p_reference,
                'amount', v_outcome -> 'amount', 'currency', v_outcome -> 'currency'),
            clock_timestamp());
    RETURN v_outcome || jsonb_build_object('outcome', 'given_up', 'reservation_id', p_reservation,
        'status', v_row.status, 'kind', v_row.kind,
        'customer', v_row.customer, 'channel', v_row.channel, 'seconds_left', coalesce(greatest(1,
            least(604800, floor(extract(epoch FROM v_row.expires_at - clock_timestamp())))), 604800));
END $$;
