-- reserve_plan_v1: which line takes which places, or why it cannot be.
--
-- Counts as free what is available, and what the holds p_overdue would give back.
-- Returns {"lines": [...], "currency", "total"} or a refusal of reserve_v1. Reads only, locks nothing.
-- Requests are served in the order asked; refusals of what is named wrongly come before those of
-- what is taken, seats before quantities.
CREATE FUNCTION {schema}.reserve_plan_v1(
    p_performance uuid, p_event uuid, p_requests jsonb, p_overdue uuid[]
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_types jsonb;
    v_asked record;
    v_free jsonb := '{}';
    v_back jsonb := '{}';
    v_seats_back uuid[] := '{}';
    v_lines jsonb := '[]';
    v_first integer;
    v_second integer;
    v_from_first integer;
    v_taken uuid[] := '{}';
    v_labels text[] := '{}';
    v_short jsonb;
    v_wrong jsonb;
    v_currency text;
    v_total numeric := 0;
BEGIN
    SELECT coalesce(jsonb_object_agg(id, price_modifier), '{}') INTO v_types
        FROM {schema}.events_tickettype WHERE event_id = p_event AND is_active;
    IF p_overdue <> '{}' THEN
        SELECT coalesce(jsonb_object_agg(allocation_id, places), '{}') INTO v_back FROM (
            SELECT allocation_id, sum(quantity) AS places FROM {schema}.events_reservationline
                WHERE performance_id = p_performance AND reservation_id = ANY (p_overdue)
                  AND status = 'reserved' AND seat_id IS NULL AND NOT overbooked
                GROUP BY allocation_id) AS given_back;
        SELECT coalesce(array_agg(seat_id), '{}') INTO v_seats_back
            FROM {schema}.events_reservationline
            WHERE performance_id = p_performance AND reservation_id = ANY (p_overdue)
              AND status = 'reserved' AND seat_id IS NOT NULL;
    END IF;
    FOR v_asked IN SELECT * FROM {schema}.places_asked_v1(p_performance, v_types, p_requests) LOOP
        v_wrong := coalesce(v_wrong, v_asked.refusal);
        CONTINUE WHEN v_asked.refusal IS NOT NULL;
        IF v_currency <> v_asked.currency THEN
            v_wrong := coalesce(v_wrong, jsonb_build_object('outcome', 'mixed_currencies',
                'currencies', jsonb_build_array(v_currency, v_asked.currency)));
        END IF;
        v_currency := v_asked.currency;
        IF v_asked.seat_id IS NOT NULL THEN
            IF v_asked.seat_status <> 'available' AND v_asked.seat_id <> ALL (v_seats_back) THEN
                v_taken := v_taken || v_asked.seat_id;
                v_labels := v_labels || v_asked.seat_label;
            END IF;
            v_from_first := 1;
        ELSE
            v_first := coalesce((v_free ->> v_asked.first_allocation::text)::integer,
                v_asked.first_unseated
                    + coalesce((v_back ->> v_asked.first_allocation::text)::integer, 0), 0);
            v_second := coalesce((v_free ->> v_asked.second_allocation::text)::integer,
                v_asked.second_unseated
                    + coalesce((v_back ->> v_asked.second_allocation::text)::integer, 0), 0);
            IF v_first + v_second < v_asked.quantity THEN
                v_short := coalesce(v_short, jsonb_build_object('outcome', 'sold_out',
                    'wanted', v_asked.quantity, 'left', v_first + v_second,
                    'allocation_id', coalesce(v_asked.first_allocation, v_asked.second_allocation),
                    'section_id', v_asked.section_id, 'ticket_type_id', v_asked.ticket_type_id));
            END IF;
            v_from_first := least(v_first, v_asked.quantity);
            v_free := v_free || CASE WHEN v_asked.first_allocation IS NULL THEN '{}'
                ELSE jsonb_build_object(v_asked.first_allocation, v_first - v_from_first) END;
        END IF;
        IF v_from_first > 0 THEN
            v_lines := v_lines || {schema}.planned_line_v1(v_asked.first_allocation,
                v_asked.ticket_type_id, v_asked.seat_id, v_from_first, v_asked.first_price);
            v_total := v_total + v_from_first * v_asked.first_price;
        END IF;
        IF v_from_first < v_asked.quantity THEN
            v_free := v_free || CASE WHEN v_asked.second_allocation IS NULL THEN '{}'
                ELSE jsonb_build_object(v_asked.second_allocation,
                    greatest(v_second - (v_asked.quantity - v_from_first), 0)) END;
            v_lines := v_lines || {schema}.planned_line_v1(v_asked.second_allocation,
                v_asked.ticket_type_id, NULL, v_asked.quantity - v_from_first, v_asked.second_price);
            v_total := v_total + (v_asked.quantity - v_from_first) * v_asked.second_price;
        END IF;
    END LOOP;
    IF v_wrong IS NOT NULL THEN
        RETURN v_wrong;
    ELSIF v_taken <> '{}' THEN
        RETURN jsonb_build_object('outcome', 'seat_taken', 'seat_ids', v_taken, 'seats', v_labels);
    ELSIF v_short IS NOT NULL THEN
        RETURN v_short;
    END IF;
    RETURN jsonb_build_object('lines', v_lines, 'currency', v_currency, 'total', v_total::text);
END $$;
