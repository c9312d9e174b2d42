-- cancel_performance_v1: a performance is called off; whatever is live in it ends, as one story.
--
-- Sales are refunded, holds and what the house keeps are released, places become available again
-- (overbooked ones leave the house), and every movement has the same operation, time and reason.
-- Whoever waits is struck off the list. Nobody can buy or confirm here any more. A hold that was being
-- granted at this very instant may outlive it: it cannot be confirmed, and ends at its deadline.
-- Set-based: 60,000 lines in some seconds, all locks held meanwhile.
-- Locks: performance; sections where a line is overbooked; live reservations, seats, allocations, by id.
-- Outcomes: cancelled {performance_id, refunded, released (places), amounts {currency: amount},
--   refunds[{reservation_id, reference, kind, places, amount, currency}]}: amounts are text, refunds
--   are the sales to be paid back; | unknown | wrong_status {status} | key_reused.
-- SQLSTATE: FH410, FH411, FH492 an argument; FH401, FH402 the key; 55P03.
CREATE FUNCTION {schema}.cancel_performance_v1(
    p_performance uuid,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_status text;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_performance, p_actor, p_reason);
    PERFORM {schema}.require_reason_v1(p_reason);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'cancel_performance', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    SELECT status INTO v_status FROM {schema}.events_eventperformance
        WHERE id = p_performance FOR NO KEY UPDATE;
    IF v_status IS NULL THEN
        v_outcome := jsonb_build_object('outcome', 'unknown', 'what', 'performance', 'id', p_performance);
    ELSIF v_status = 'cancelled' THEN
        v_outcome := jsonb_build_object('outcome', 'wrong_status', 'status', v_status);
    ELSE
        UPDATE {schema}.events_eventperformance SET status = 'cancelled' WHERE id = p_performance;
        PERFORM {schema}.lock_live_v1(p_performance);
        v_outcome := {schema}.refunds_due_v1(p_performance)
            || {schema}.end_all_lines_v1(p_performance, 'cancel_performance', p_actor, p_reason)
            || jsonb_build_object('outcome', 'cancelled', 'performance_id', p_performance);
        UPDATE {schema}.events_waitingentry SET status = 'withdrawn'
            WHERE performance_id = p_performance AND status IN ('waiting', 'skipped', 'offered');
        INSERT INTO {schema}.events_note (id, performance_id, operation, actor, reason, facts, at)
            VALUES ({schema}.uuid7(), p_performance, 'cancel_performance', p_actor, p_reason,
                (v_outcome - '{outcome,performance_id,refunds}'::text[])
                    || jsonb_build_object('status', v_status), clock_timestamp());
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
