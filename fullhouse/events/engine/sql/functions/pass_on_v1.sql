-- pass_on_v1: makes the reservation that takes over places, moves them, and sells them where asked.
--
-- p_plan: of hand_over_plan_v1. p_deadline: of a hold, or the release of what is set aside; null none.
-- A comp costs nothing; what its places would have cost stays in its note.
-- Outcomes: handed_over | reference_taken {reference}: nothing is written.
-- Locks: with p_sold seats by id, allocations by id. The caller has locked the source.
CREATE FUNCTION {schema}.pass_on_v1(
    p_performance uuid, p_from uuid, p_plan jsonb, p_kind text, p_sold boolean,
    p_deadline timestamptz, p_reference text, p_token_hash bytea, p_customer text, p_channel text,
    p_owner text, p_operation text, p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_id uuid := {schema}.uuid7();
    v_lines jsonb := p_plan -> 'lines';
    v_left bigint;
BEGIN
    IF p_kind = 'comp' THEN
        SELECT jsonb_agg(l || '{"unit_price": "0"}') INTO v_lines FROM jsonb_array_elements(v_lines) AS l;
    END IF;
    INSERT INTO {schema}.events_reservation (id, performance_id, reference, kind, status, expires_at,
            token_hash, customer, channel, reason, owner, origin_id)
        VALUES (v_id, p_performance, p_reference, p_kind, 'reserved', p_deadline,
            p_token_hash, p_customer, p_channel, p_reason, p_owner, p_from)
        ON CONFLICT (performance_id, reference) DO NOTHING;
    IF NOT FOUND THEN  -- somebody took the reference since it was looked for
        RETURN jsonb_build_object('outcome', 'reference_taken', 'reference', p_reference);
    END IF;
    PERFORM {schema}.hand_over_lines_v1(p_performance, p_from, p_plan -> 'chosen', v_id, v_lines,
        p_operation, p_actor, p_reason);
    IF p_kind = 'comp' THEN
        PERFORM {schema}.note_comp_v1(p_performance, v_id, p_plan, p_actor, p_reason);
    ELSIF p_kind = 'channel' THEN
        PERFORM {schema}.keep_rules_flag_v1(p_performance);
    END IF;
    IF p_sold THEN
        PERFORM {schema}.sell_lines_v1(p_performance, v_id, p_actor, p_reason);
    END IF;
    SELECT coalesce(sum(quantity), 0) INTO v_left FROM {schema}.events_reservationline
        WHERE performance_id = p_performance AND reservation_id = p_from AND status = 'reserved';
    RETURN jsonb_build_object('outcome', 'handed_over', 'reservation_id', v_id,
        'reference', p_reference, 'kind', p_kind,
        'status', CASE WHEN p_sold THEN 'sold' ELSE 'reserved' END,
        'expires_at', CASE WHEN NOT p_sold THEN p_deadline END,
        'quantity', (SELECT sum((l ->> 'quantity')::integer) FROM jsonb_array_elements(v_lines) AS l),
        'currency', p_plan -> 'currency',
        'total', CASE WHEN p_kind = 'comp' THEN to_jsonb('0'::text) ELSE p_plan -> 'total' END,
        'lines', v_lines, 'from', jsonb_build_object('reservation_id', p_from,
            'status', {schema}.end_if_empty_v1(p_performance, p_from), 'left', v_left));
END $$;
