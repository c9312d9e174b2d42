-- require_arguments_v1: what every writing call must bring.
-- SQLSTATE: FH410 performance, reservation or actor missing; FH411 actor or reason too long for
-- the ledger's columns (100 and 255 characters).
CREATE FUNCTION {schema}.require_arguments_v1(
    p_performance uuid, p_reservation uuid, p_actor text, p_reason text
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF p_performance IS NULL THEN
        RAISE EXCEPTION 'performance_id: is missing' USING ERRCODE = 'FH410';
    END IF;
    IF p_reservation IS NULL THEN
        RAISE EXCEPTION 'reservation_id: is missing' USING ERRCODE = 'FH410';
    END IF;
    IF p_actor IS NULL OR p_reason IS NULL THEN
        RAISE EXCEPTION 'actor, reason: may be empty, not missing' USING ERRCODE = 'FH410';
    END IF;
    IF length(p_actor) > 100 THEN
        RAISE EXCEPTION 'actor: at most 100 characters, this one has %', length(p_actor)
            USING ERRCODE = 'FH411';
    END IF;
    IF length(p_reason) > 255 THEN
        RAISE EXCEPTION 'reason: at most 255 characters, this one has %', length(p_reason)
            USING ERRCODE = 'FH411';
    END IF;
END $$;
