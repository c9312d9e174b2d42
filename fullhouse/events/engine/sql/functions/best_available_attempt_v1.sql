-- best_available_attempt_v1: one attempt of best_available_v1, inside its subtransaction.
--
-- p_tighten: a section whose rows are corrected first (tighten_rows_v1), or null.
-- Returns its outcome, or {"busy": row}: undo, wait for this row, try again; or {"tighten": section}: undo,
-- try again with that; or {}: what was chosen went elsewhere as its overdue hold was ended, try again.
-- SQLSTATE FH001: a race was lost; roll back, try again. Locks, rules, outcomes: see best_available_v1.
CREATE FUNCTION {schema}.best_available_attempt_v1(
    p_performance uuid, p_id uuid, p_party jsonb, p_ttl_seconds integer, p_kind text,
    p_reference text, p_token_hash bytea, p_customer text, p_channel text,
    p_actor text, p_reason text, p_tighten uuid
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_event uuid;
    v_protect boolean;
    v_refusal jsonb;
    v_choice jsonb;
    v_requests jsonb;
    v_told jsonb;
    v_overdue boolean;
    v_outcome jsonb;
BEGIN
    SELECT event_id, coalesce(accessible_release_at > clock_timestamp(), true)
        INTO v_event, v_protect
        FROM {schema}.events_eventperformance WHERE id = p_performance;
    v_refusal := {schema}.party_refusal_v1(p_performance, v_event, p_party);
    IF v_refusal IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    IF p_tighten IS NOT NULL THEN
        PERFORM {schema}.tighten_rows_v1(p_performance, p_tighten);
    END IF;
    v_choice := {schema}.choose_seats_v1(p_performance, v_event, p_party, v_protect,
        CASE WHEN p_tighten IS NULL THEN 24 END);
    IF v_choice ?| '{busy,tighten}' THEN
        RETURN v_choice;
    ELSIF NOT v_choice ? 'seat_ids' THEN
        RETURN {schema}.not_together_v1(p_performance, v_event, p_party)
            || jsonb_build_object('rejected', {schema}.passed_over_v1(
                p_performance, v_event, p_party,
                ARRAY(SELECT jsonb_array_elements_text(v_choice -> 'untold'))));
    END IF;
    -- What is told is read before the hot row is locked, so that nobody waits for it.
    SELECT jsonb_agg(jsonb_build_object('seat_id', s.id, 'chosen', true,
                'ticket_type_id', v_choice -> 'ticket_type_id') ORDER BY s.row_rank, s.seat_rank, s.id),
           jsonb_build_object('restricted_view', bool_or(s.has_restricted_view),
                'seats', jsonb_agg(jsonb_build_object('seat_id', s.id, 'section_id', s.section_id,
                    'seat', s.row_number || '-' || s.seat_number,
                    'is_accessible', s.is_accessible, 'is_companion', s.is_companion,
                    'has_restricted_view', s.has_restricted_view)
                    ORDER BY s.row_rank, s.seat_rank, s.id))
        INTO v_requests, v_told
        FROM {schema}.events_seat AS s
        JOIN jsonb_array_elements_text(v_choice -> 'seat_ids') AS c (id) ON c.id::uuid = s.id
        WHERE s.performance_id = p_performance;
    v_overdue := (v_choice ->> 'overdue')::boolean;
    v_outcome := {schema}.reserve_attempt_v1(p_performance, p_id, v_requests, v_overdue,
        p_ttl_seconds, p_kind, p_reference, p_token_hash, p_customer, p_channel,
        p_actor, p_reason);
    IF v_outcome ->> 'outcome' = 'seat_taken' AND v_overdue THEN
        RETURN '{}';
    ELSIF v_outcome ->> 'outcome' = 'seat_taken' THEN
        RAISE EXCEPTION 'a chosen seat is taken' USING ERRCODE = 'FH001';
    ELSIF v_outcome ->> 'outcome' <> 'granted' THEN
        RETURN v_outcome;
    END IF;
    UPDATE {schema}.events_seatrow
        SET longest = (v_choice ->> 'longest_after')::integer,
            recheck_at = least(recheck_at, (v_outcome ->> 'expires_at')::timestamptz)
        WHERE performance_id = p_performance
          AND section_id = (v_choice -> 'row' ->> 'section_id')::uuid
          AND row_rank = (v_choice -> 'row' ->> 'row_rank')::integer;
    RETURN v_outcome || v_told || jsonb_build_object(
        'parts', coalesce(v_choice -> 'parts', '1'),
        'leaves_single', coalesce((v_choice -> 'quality')::integer & 1 = 1, false),
        'rejected', (SELECT coalesce(jsonb_object_agg(reason, rows), '{}')
            FROM (SELECT reason, count(*) AS rows
                  FROM jsonb_array_elements_text(v_choice -> 'rejected') AS reason
                  GROUP BY reason) AS counted));
END $$;
