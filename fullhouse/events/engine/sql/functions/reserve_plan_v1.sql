-- reserve_plan_v1: which line takes which places, or why it cannot be.
--
-- Counts as free what is available, what the holds p_overdue would give back, and what a sales channel
-- gives: p_given {"places": {allocation: places}, "seats": [ids]}, see lock_channel_v1, or null.
-- Returns {"lines": [...], "currency", "total"} or a refusal of reserve_v1. Reads only, locks nothing.
-- Requests are served in the order asked; refusals of what is named wrongly come before those of
-- what is taken, seats before quantities.
CREATE FUNCTION {schema}.reserve_plan_v1(
    p_performance uuid, p_event uuid, p_requests jsonb, p_overdue uuid[], p_given jsonb DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_types jsonb;
    v_sizes jsonb;
    v_asked record;
    v_back jsonb;
    v_free jsonb := '{}';
    v_given jsonb := coalesce(p_given -> 'places', '{}');
    v_lines jsonb := '[]';
    v_part record;
    v_taken uuid[] := '{}';
    v_labels text[] := '{}';
    v_short jsonb;
    v_shared jsonb;
    v_wrong jsonb;
    v_currency text;
    v_total numeric := 0;
BEGIN
    SELECT coalesce(jsonb_object_agg(id, price_modifier), '{}'),
           coalesce(jsonb_object_agg(id, places_per_ticket) FILTER (WHERE places_per_ticket > 1), '{}')
        INTO v_types, v_sizes
        FROM {schema}.events_tickettype WHERE event_id = p_event AND is_active;
    IF p_overdue <> '{}' THEN
        v_back := {schema}.given_back_v1(p_performance, p_overdue);
    END IF;
    FOR v_asked IN
        SELECT * FROM {schema}.places_asked_v1(p_performance, v_types, p_requests, v_sizes)
    LOOP
        v_wrong := coalesce(v_wrong, v_asked.refusal,
            CASE WHEN v_asked.seat_id IS NULL AND v_asked.quantity % v_asked.places_per_ticket <> 0
                THEN jsonb_build_object('outcome', 'not_whole_tickets', 'ticket_type_id',
                    v_asked.ticket_type_id, 'quantity', v_asked.quantity,
                    'places_per_ticket', v_asked.places_per_ticket) END,
            CASE WHEN v_currency <> v_asked.currency
                THEN jsonb_build_object('outcome', 'mixed_currencies', 'currencies',
                    jsonb_build_array(v_currency, v_asked.currency)) END);
        CONTINUE WHEN v_wrong IS NOT NULL;
        v_currency := v_asked.currency;
        IF v_asked.seat_id IS NOT NULL THEN
            IF v_asked.seat_status <> 'available'
                    AND NOT coalesce(v_back -> 'seats' ? v_asked.seat_id::text, false)
                    AND NOT coalesce(p_given -> 'seats' ? v_asked.seat_id::text, false) THEN
                v_taken := v_taken || v_asked.seat_id;
                v_labels := v_labels || v_asked.seat_label;
            END IF;
            v_lines := v_lines || {schema}.planned_line_v1(v_asked.first_allocation,
                v_asked.ticket_type_id, v_asked.seat_id, 1, v_asked.first_price,
                v_asked.places_per_ticket,
                coalesce(p_given -> 'seats' ? v_asked.seat_id::text, false)::integer);
            v_total := v_total + v_asked.first_price;
            CONTINUE;
        END IF;
        SELECT * INTO v_part FROM {schema}.serve_places_v1(v_asked.quantity,
            v_asked.places_per_ticket, v_asked.first_allocation, v_asked.first_unseated,
            v_asked.second_allocation, v_asked.second_unseated, v_back -> 'places', v_free, v_given);
        v_free := v_part.free;
        v_given := v_part.given;
        IF v_part.possible < v_asked.quantity THEN
            v_short := coalesce(v_short, jsonb_build_object('outcome', 'sold_out',
                'wanted', v_asked.quantity, 'left', v_part.possible,
                'allocation_id', coalesce(v_asked.first_allocation, v_asked.second_allocation),
                'section_id', v_asked.section_id, 'ticket_type_id', v_asked.ticket_type_id));
        END IF;
        IF v_part.from_first > 0 THEN
            v_lines := v_lines || {schema}.planned_line_v1(v_asked.first_allocation,
                v_asked.ticket_type_id, NULL, v_part.from_first, v_asked.first_price,
                v_asked.places_per_ticket, v_part.first_given);
            v_total := v_total
                + v_part.from_first / v_asked.places_per_ticket * v_asked.first_price;
        END IF;
        IF v_part.from_second > 0 THEN
            v_lines := v_lines || {schema}.planned_line_v1(v_asked.second_allocation,
                v_asked.ticket_type_id, NULL, v_part.from_second, v_asked.second_price,
                v_asked.places_per_ticket, v_part.second_given);
            v_total := v_total
                + v_part.from_second / v_asked.places_per_ticket * v_asked.second_price;
        END IF;
    END LOOP;
    IF v_wrong IS NULL AND v_lines @? '$[*] ? (@.seat_id != null && @.places_per_ticket > 1)' THEN
        v_shared := {schema}.ticket_shares_v1(v_lines, v_currency);
        v_wrong := CASE WHEN v_shared ? 'outcome' THEN v_shared END;
    END IF;
    IF v_wrong IS NOT NULL THEN
        RETURN v_wrong;
    ELSIF v_taken <> '{}' THEN
        RETURN jsonb_build_object('outcome', 'seat_taken', 'seat_ids', v_taken, 'seats', v_labels);
    ELSIF v_short IS NOT NULL THEN
        RETURN v_short;
    END IF;
    RETURN jsonb_build_object('lines', v_lines, 'total', v_total::text)
        || coalesce(v_shared, '{}') || jsonb_build_object('currency', v_currency);
END $$;
