-- release_early_v1: release_v1 with early lock release, for a connection in autocommit.
--
-- The work commits without waiting for the disk, which frees the hot row; then a second, tiny
-- transaction commits as the server is set to (disk, synchronous standbys) and so makes the first
-- durable before the answer is given. Nobody is told of a hold that a crash can take back.
-- It may have no SET clause, no SECURITY DEFINER and no EXCEPTION block: COMMIT is refused in them.
-- Locks, outcomes, SQLSTATEs: see release_v1. 2D000: called inside a transaction block.
CREATE PROCEDURE {schema}.release_early_v1(
    p_performance uuid, p_reservation uuid,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL,
    p_lines jsonb DEFAULT NULL, INOUT p_outcome jsonb DEFAULT NULL
)
LANGUAGE plpgsql AS $$
DECLARE
    v_wrote boolean;
BEGIN
    SET LOCAL synchronous_commit = off;
    p_outcome := {schema}.release_v1(p_performance, p_reservation,
        p_actor, p_reason, p_key, p_digest, p_lines);
    v_wrote := pg_current_xact_id_if_assigned() IS NOT NULL;
    COMMIT;
    IF v_wrote THEN
        PERFORM pg_logical_emit_message(true, 'fullhouse', '');
    END IF;
END $$;
