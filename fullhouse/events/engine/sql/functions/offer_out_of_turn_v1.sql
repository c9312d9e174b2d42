-- offer_out_of_turn_v1: offer places to the entry that staff name, waiting or passed over, whoever is
-- before it. Returns the offer (see make_offer_v1) or a refusal: unknown, not_waiting {status}; null
-- where no places suffice. The offer's note counts those that were waiting before it.
-- Locks: those of waiting_fit_v1, then the entry. The caller holds the performance's lock, without which
-- no entry is offered anything or leaves the list.
CREATE FUNCTION {schema}.offer_out_of_turn_v1(
    p_performance uuid, p_entry uuid, p_seconds integer, p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_entry {schema}.events_waitingentry;
    v_requests jsonb;
    v_before integer;
BEGIN
    SELECT * INTO v_entry FROM {schema}.events_waitingentry
        WHERE performance_id = p_performance AND id = p_entry;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'waiting_entry', 'id', p_entry);
    ELSIF v_entry.status NOT IN ('waiting', 'skipped') THEN
        RETURN jsonb_build_object('outcome', 'not_waiting', 'status', v_entry.status);
    END IF;
    v_requests := {schema}.waiting_fit_v1(p_performance, v_entry, NULL);
    IF v_requests IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT count(*) INTO v_before FROM {schema}.events_waitingentry
        WHERE performance_id = p_performance AND status = 'waiting'
          AND (joined_at, id) < (v_entry.joined_at, v_entry.id);
    RETURN {schema}.make_offer_v1(p_performance, v_entry, v_requests,
        coalesce(p_seconds, v_entry.offer_seconds), 'offer_out_of_turn', v_before, p_actor, p_reason);
END $$;
