-- offer_round_v1: go through the waiting list once, in order, and offer places to whom they suffice.
--
-- A party that does not fit is passed over and keeps its place; the next that fits is served, so that a
-- large party blocks nobody. Each offer's note says how many were passed over.
-- p_sections: only places of these; null: of all. p_seconds: how long the offers hold; null: as each
-- entry says. p_most: offers at most. Returns the offers made, see make_offer_v1.
-- Nothing is offered of a performance that is not on sale.
-- Locks: those of waiting_fit_v1 (waits for none), entries. The caller holds the performance's lock.
CREATE FUNCTION {schema}.offer_round_v1(
    p_performance uuid, p_sections uuid[], p_seconds integer, p_most integer,
    p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_entry {schema}.events_waitingentry;
    v_wish text;
    v_too_many jsonb := '{}';  -- by wish: the smallest party that did not fit
    v_requests jsonb;
    v_offer jsonb;
    v_offers jsonb := '[]';
    v_passed integer := 0;
BEGIN
    IF NOT EXISTS (SELECT FROM {schema}.events_eventperformance
            WHERE id = p_performance AND status = 'on_sale'
              AND coalesce(sales_close_at > clock_timestamp(), true)) THEN
        RETURN v_offers;
    END IF;
    FOR v_entry IN
        SELECT * FROM {schema}.events_waitingentry
            WHERE performance_id = p_performance AND status = 'waiting'
              AND (p_sections IS NULL OR section_id IS NULL OR section_id = ANY (p_sections))
            ORDER BY joined_at, id
    LOOP
        EXIT WHEN jsonb_array_length(v_offers) >= p_most;
        v_wish := concat_ws(' ', v_entry.section_id, '/', v_entry.ticket_type_id, v_entry.together);
        v_offer := NULL;
        IF v_entry.quantity < coalesce((v_too_many ->> v_wish)::integer, 1000000) THEN
            v_requests := {schema}.waiting_fit_v1(p_performance, v_entry, p_sections);
            IF v_requests IS NOT NULL THEN
                v_offer := {schema}.make_offer_v1(p_performance, v_entry, v_requests,
                    coalesce(p_seconds, v_entry.offer_seconds), 'offer', v_passed,
                    p_actor, p_reason);
            END IF;
        END IF;
        IF v_offer IS NULL THEN
            v_passed := v_passed + 1;
            v_too_many := v_too_many || jsonb_build_object(v_wish,
                least(v_entry.quantity, (v_too_many ->> v_wish)::integer));
        ELSE
            v_offers := v_offers || v_offer;
        END IF;
    END LOOP;
    RETURN v_offers;
END $$;
