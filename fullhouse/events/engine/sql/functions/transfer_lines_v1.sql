-- transfer_lines_v1: writes what transfer_v1 has decided, under its lock: the whole reservation, or
-- the chosen lines [{line_id, quantity}] as one of their own. Outcomes: transferred | reference_taken.
CREATE FUNCTION {schema}.transfer_lines_v1(
    p_performance uuid, p_reservation uuid, p_chosen jsonb, p_customer text, p_reference text,
    p_token_hash bytea, p_actor text, p_reason text
) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_id uuid := {schema}.uuid7();
    v_places bigint;
    v_live bigint;
    v_reference text;
    v_from uuid;
BEGIN
    SELECT sum(c.quantity) INTO v_places FROM jsonb_to_recordset(p_chosen) AS c (quantity integer);
    SELECT sum(quantity) INTO v_live FROM {schema}.events_reservationline
        WHERE performance_id = p_performance AND reservation_id = p_reservation
          AND status IN ('reserved', 'sold');
    IF v_places = v_live THEN
        UPDATE {schema}.events_reservation SET customer = p_customer, token_hash = p_token_hash
            WHERE performance_id = p_performance AND id = p_reservation
            RETURNING id, reference INTO v_id, v_reference;
    ELSE
        INSERT INTO {schema}.events_reservation (id, performance_id, reference, kind, status,
                expires_at, token_hash, customer, channel, origin_id)
            SELECT v_id, p_performance, p_reference, kind, status, expires_at, p_token_hash,
                   p_customer, channel, id
            FROM {schema}.events_reservation
            WHERE performance_id = p_performance AND id = p_reservation
            ON CONFLICT (performance_id, reference) DO NOTHING
            RETURNING reference, origin_id INTO v_reference, v_from;
        IF NOT FOUND THEN
            RETURN jsonb_build_object('outcome', 'reference_taken', 'reference', p_reference);
        END IF;
        PERFORM {schema}.split_lines_v1(
            p_performance, p_reservation, v_id, p_chosen, 'transfer', p_actor, p_reason);
    END IF;
    INSERT INTO {schema}.events_note
            (id, performance_id, reservation_id, operation, actor, reason, facts, at)
        SELECT {schema}.uuid7(), p_performance, side.id, 'transfer', p_actor, p_reason,
               jsonb_build_object('places', v_places, side.named, side.other), clock_timestamp()
        FROM (VALUES (p_reservation, 'to_reservation_id', v_id), (v_id, 'from_reservation_id', v_from))
            AS side (id, named, other)
        WHERE side.other IS NOT NULL;
    RETURN jsonb_build_object('outcome', 'transferred', 'reservation_id', v_id,
        'reference', v_reference, 'origin_id', v_from, 'places', v_places);
END $$;
