-- changeable_v1: why a locked reservation cannot be exchanged or transferred, or null.
-- A hold past its deadline is gone, whoever has swept it or not; what the house keeps moves through
-- the house's own operations.
-- Outcomes: unknown {what, id} | kept_by_house {reservation_id, kind} | not_live {reservation_id,
-- status} | expired {reservation_id, expires_at}. Reads only; the caller holds the lock.
CREATE FUNCTION {schema}.changeable_v1(p_performance uuid, p_reservation uuid) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_row {schema}.events_reservation;
BEGIN
    SELECT * INTO v_row FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = p_reservation;
    RETURN CASE
        WHEN v_row.id IS NULL THEN
            jsonb_build_object('outcome', 'unknown', 'what', 'reservation', 'id', p_reservation)
        WHEN v_row.kind NOT IN ('sale', 'comp', 'legacy') THEN jsonb_build_object(
            'outcome', 'kept_by_house', 'reservation_id', p_reservation, 'kind', v_row.kind)
        WHEN v_row.status NOT IN ('reserved', 'sold') THEN jsonb_build_object(
            'outcome', 'not_live', 'reservation_id', p_reservation, 'status', v_row.status)
        WHEN v_row.status = 'reserved' AND v_row.expires_at <= clock_timestamp() THEN
            jsonb_build_object('outcome', 'expired', 'reservation_id', p_reservation,
                'expires_at', v_row.expires_at)
        END;
END $$;
