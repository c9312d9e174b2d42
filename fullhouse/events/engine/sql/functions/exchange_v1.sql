-- exchange_v1: lines of a hold or a sale go for other places of the same performance, all or nothing.
--
-- p_lines: the lines to give up, as refund's (NULL: every live line). p_requests: what is wanted
-- instead, as reserve's; seats and places of the lines given up count as free, so that a party may
-- keep a seat among new ones. The reservation keeps its reference, its secret and its deadline; new
-- lines are reserved or sold as it is. New places cost what they cost now; a line that is not named
-- keeps its price. The rules of a sale hold for what is new (seats kept for those who need them, single
-- seats, windows), limits for the order as it becomes; a comp is free of them.
-- A sale of a sales channel draws on what that channel has set aside, as its reserve does.
-- Every lock is taken first, in order; then the places come back, and what is wanted is planned and
-- taken under these locks. A refusal undoes all of it. Lost attempts: see reserve_v1.
-- Locks: (with rules: seat rows, the customer;) performance; the channel's reservations; sections where a line is overbooked;
-- reservations, seats, allocations, by id.
-- Outcomes: exchanged {reservation_id, reference, status, currency, given_up, total, difference,
--   gone[{line_id, quantity, amount}], lines[as reserve_v1's]}: amounts are text, difference =
--   total - given_up: to be paid when positive, to be given back when negative;
--   | unknown | kept_by_house {kind} | not_live {status} | expired {expires_at} | too_many
--   | part_of_ticket | closed | sold_out | seat_taken | not_on_offer | wrong_type
--   | mixed_currencies | those of seats_rule_refusal_v1 and rules_refusal_v1
--   | key_reused. Refused: nothing moved.
-- SQLSTATE: FH410, FH411, FH420 to FH422 the lines, FH435 to FH438 the requests; FH401, FH402 the
-- key; 55P03.
CREATE FUNCTION {schema}.exchange_v1(
    p_performance uuid, p_reservation uuid, p_lines jsonb, p_requests jsonb,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_reservation, p_actor, p_reason);
    PERFORM {schema}.require_lines_v1(p_lines);
    PERFORM {schema}.require_requests_v1(p_requests);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'exchange', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    FOR v_attempt IN 1..20 LOOP
        BEGIN
            v_outcome := {schema}.exchange_attempt_v1(
                p_performance, p_reservation, p_lines, p_requests, p_actor, p_reason);
            IF v_outcome ->> 'outcome' <> 'exchanged' THEN
                RAISE EXCEPTION 'refused: nothing moves' USING ERRCODE = 'FH002';
            END IF;
        EXCEPTION
            WHEN SQLSTATE 'FH001' THEN
                v_outcome := NULL;
            WHEN SQLSTATE 'FH002' THEN
                NULL;
        END;
        EXIT WHEN v_outcome IS NOT NULL;
    END LOOP;
    IF v_outcome IS NULL THEN
        RAISE EXCEPTION 'others took these places faster, 20 times in a row'
            USING ERRCODE = '55P03', HINT = 'Try again.';
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
