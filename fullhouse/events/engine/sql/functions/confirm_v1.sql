-- confirm_v1: a hold becomes a sale, whole; its deadline is cleared.
--
-- Allowed after the sales window has closed; not after the hold's own deadline, nor when the
-- performance is cancelled. Units: places.
-- Locks: reservation, seats by id, allocations by id.
-- Outcomes: confirmed {reservation_id, places} | unknown | not_reserved {status}
-- | expired {expires_at} | closed {status} | kept_by_house | key_reused.
-- SQLSTATE: FH410, FH411 see require_arguments_v1; FH401, FH402 see operation_begin_v1; 55P03.
CREATE FUNCTION {schema}.confirm_v1(
    p_performance uuid, p_reservation uuid,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL
) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_outcome jsonb;
BEGIN
    PERFORM {schema}.require_arguments_v1(p_performance, p_reservation, p_actor, p_reason);
    v_outcome := {schema}.operation_begin_v1(p_performance, p_key, 'confirm', p_digest);
    IF v_outcome IS NOT NULL THEN
        RETURN v_outcome;
    END IF;
    v_outcome := {schema}.confirm_refusal_v1(p_performance, p_reservation);
    IF v_outcome IS NULL THEN
        v_outcome := jsonb_build_object(
            'outcome', 'confirmed', 'reservation_id', p_reservation, 'places',
            {schema}.sell_lines_v1(p_performance, p_reservation, p_actor, p_reason));
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
