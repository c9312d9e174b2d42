-- withdraw_waiting_v1: a party leaves the waiting list, or declines what it was offered: those places
-- go to the next. p_erase: customer, contact and secret are deleted, also of an entry that has ended.
-- Units: places. Locks: performance, offer, entry; seats by id, allocations by id; those of offer_freed_v1.
-- Outcomes: withdrawn {entry_id, status, places, erased} (places: given up) | unknown | wrong_token
-- | not_waiting {status} | key_reused. SQLSTATE: FH410, FH411; FH401, FH402; 55P03.
CREATE FUNCTION {schema}.withdraw_waiting_v1(
    p_performance uuid, p_entry uuid, p_token_hash bytea, p_erase boolean,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
    v_found record;
    v_entry {schema}.events_waitingentry;
    v_places integer := 0;
    v_status text;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_entry, p_actor, p_reason);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'withdraw_waiting', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    SELECT * INTO v_found
        FROM {schema}.lock_entry_v1(p_performance, p_entry, p_token_hash,
            ARRAY['waiting', 'skipped', 'offered'] || CASE WHEN p_erase
                THEN ARRAY['taken', 'expired', 'withdrawn'] ELSE '{}' END);
    IF v_found.refusal IS NOT NULL THEN
        RETURN {schema}.operation_end_v1(p_performance, p_key, v_found.refusal);
    END IF;
    v_entry := v_found.entry;
    v_status := CASE WHEN v_entry.status IN ('taken', 'expired') THEN v_entry.status
        ELSE 'withdrawn' END;
    UPDATE {schema}.events_waitingentry
        SET status = v_status,
            customer = CASE WHEN p_erase THEN '' ELSE customer END,
            contact = CASE WHEN p_erase THEN '' ELSE contact END,
            token_hash = CASE WHEN p_erase THEN NULL ELSE token_hash END
        WHERE performance_id = p_performance AND id = p_entry;
    IF v_entry.status = 'offered' THEN
        UPDATE {schema}.events_reservation SET status = 'released'
            WHERE performance_id = p_performance AND id = v_entry.offer_id;
        SELECT {schema}.free_lines_v1(p_performance, array_agg(id), NULL, 'released',
                'withdraw_waiting', p_actor, p_reason)
            INTO v_places FROM {schema}.events_reservationline
            WHERE performance_id = p_performance AND reservation_id = v_entry.offer_id
              AND status = 'reserved';
        PERFORM {schema}.offer_freed_v1(p_performance, ARRAY[v_entry.offer_id], p_actor);
    END IF;
    v_outcome := jsonb_build_object('outcome', 'withdrawn', 'entry_id', p_entry,
        'status', v_status, 'places', v_places, 'erased', coalesce(p_erase, false));
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
