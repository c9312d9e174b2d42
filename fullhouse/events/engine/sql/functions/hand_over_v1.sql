-- hand_over_v1: places of one reservation become another's in one step, same allocations, same seats:
-- at no instant could anybody else have taken them.
--
-- p_lines: NULL (all) or [{"line_id", "quantity": places or null (all), "ticket_type_id"}], each line
-- once. The source is anything `reserved` but an offer to the waiting list; it ends `released` when
-- empty. p_kind: house, kill, channel (set aside, until p_release_at), sale, comp (held for
-- p_ttl_seconds, or with p_sold sold at once). origin_id is the source.
-- Prices: from a hold to a hold those held; what was set aside and is now sold costs what a reserve of
-- it would cost now, as ticket_type_id where it is named; a comp costs 0, its note keeps the price.
-- Units: places. Locks: performance (to a channel), reservation; with p_sold seats and allocations by id.
-- Nothing of an allocation changes where places stay reserved, so that buyers are not held up.
-- Outcomes: handed_over {reservation_id, reference, kind, status, expires_at, quantity, currency, total,
--   lines[], from: {reservation_id, status, left}} | unknown {what, id} | not_reserved {status}
--   | expired {expires_at} | waiting_offer | overbooked {line} | too_many | part_of_ticket | closed
--   (cancelled) | not_on_offer | wrong_type | not_whole_tickets | mixed_currencies | reference_taken
--   | key_reused. Refused: nothing moved.
-- SQLSTATE: FH410, FH411, FH420 to FH422, FH430 to FH434, FH480 to FH483, FH487, FH488; FH401, FH402; 55P03.
CREATE FUNCTION {schema}.hand_over_v1(
    p_performance uuid, p_reservation uuid, p_lines jsonb, p_kind text, p_sold boolean,
    p_ttl_seconds integer, p_release_at timestamptz, p_reference text, p_token_hash bytea,
    p_customer text, p_channel text, p_owner text,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_plan jsonb;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_reservation, p_actor, p_reason);
    PERFORM {schema}.require_lines_v1(p_lines);
    PERFORM {schema}.require_hand_over_v1(p_kind, p_sold, p_ttl_seconds, p_release_at,
        p_reference, p_token_hash, p_customer, p_channel, p_owner);
    IF btrim(p_reason) = '' THEN
        RAISE EXCEPTION 'reason: say why, in 1 to 255 characters' USING ERRCODE = 'FH487';
    END IF;
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'hand_over', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    IF p_kind = 'channel' THEN
        PERFORM 1 FROM {schema}.events_eventperformance WHERE id = p_performance FOR NO KEY UPDATE;
    END IF;
    v_outcome := {schema}.hand_over_refusal_v1(p_performance, p_reservation, p_kind, p_reference);
    IF v_outcome IS NULL THEN
        v_plan := {schema}.hand_over_plan_v1(p_performance, p_reservation, p_lines, p_kind);
        v_outcome := CASE WHEN v_plan ? 'outcome' THEN v_plan
            ELSE {schema}.pass_on_v1(p_performance, p_reservation, v_plan, p_kind, p_sold,
                coalesce(p_release_at, clock_timestamp() + make_interval(secs => p_ttl_seconds)),
                p_reference, p_token_hash, p_customer, p_channel, p_owner, 'hand_over',
                p_actor, p_reason)
            END;
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
