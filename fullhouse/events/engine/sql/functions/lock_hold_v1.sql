-- lock_hold_v1: lock a reservation that should be a hold; say why it is none.
-- Returns NULL when it is a hold, now locked; else the refusal: unknown {what, id} |
-- not_reserved {reservation_id, status} | kept_by_house {reservation_id} | waiting_offer {..}.
-- Places that the house keeps, for itself, for nobody or for a sales channel, are given back through
-- `house`, with a reason; an offer to the waiting list is taken up or withdrawn, but may be given
-- more time (p_offer).
-- Locks: the reservation.
CREATE FUNCTION {schema}.lock_hold_v1(
    p_performance uuid, p_reservation uuid, p_offer boolean DEFAULT false
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_status text;
    v_kind text;
BEGIN
    SELECT status, kind INTO v_status, v_kind FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = p_reservation FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('outcome', 'unknown', 'what', 'reservation', 'id', p_reservation);
    END IF;
    IF v_status <> 'reserved' THEN
        RETURN jsonb_build_object(
            'outcome', 'not_reserved', 'reservation_id', p_reservation, 'status', v_status);
    END IF;
    IF v_kind IN ('house', 'kill', 'channel') THEN
        RETURN jsonb_build_object('outcome', 'kept_by_house', 'reservation_id', p_reservation);
    END IF;
    IF v_kind = 'offer' AND NOT p_offer THEN
        RETURN jsonb_build_object('outcome', 'waiting_offer', 'reservation_id', p_reservation);
    END IF;
    RETURN NULL;
END $$;
