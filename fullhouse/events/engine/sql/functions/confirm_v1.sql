-- confirm_v1: a hold becomes a sale, whole; its deadline is cleared.
--
-- Allowed after the sales window has closed; not after the hold's own deadline, nor when the
-- performance is cancelled. p_late: after the deadline too (money that arrives late): a hold that
-- nobody has swept is sold as it stands; a swept one if all its places can be had again, the same
-- seats in the same allocations, at the prices held. Units: places.
-- Locks: (late: performance, sections where overbooked;) reservations by id; seats by id;
-- allocations by id.
-- Outcomes: confirmed {reservation_id, places} | unknown | not_reserved {status}
-- | expired {expires_at} | gone {seat_ids, seats, wanted, left, short[{allocation_id, wanted, left}]}
-- | closed {status} | kept_by_house | key_reused. Refused: nothing moved.
-- SQLSTATE: FH410, FH411 see require_arguments_v1; FH401, FH402 see operation_begin_v1; 55P03.
CREATE FUNCTION {schema}.confirm_v1(
    p_performance uuid, p_reservation uuid,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL,
    p_late boolean DEFAULT false
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
    IF p_late THEN
        v_outcome := {schema}.late_refusal_v1(p_performance, p_reservation, p_actor, p_reason);
    ELSE
        v_outcome := {schema}.confirm_refusal_v1(p_performance, p_reservation);
    END IF;
    IF v_outcome IS NULL THEN
        v_outcome := jsonb_build_object(
            'outcome', 'confirmed', 'reservation_id', p_reservation, 'places',
            {schema}.sell_lines_v1(p_performance, p_reservation, p_actor, p_reason));
    END IF;
    RETURN {schema}.operation_end_v1(p_performance, p_key, v_outcome);
END $$;
