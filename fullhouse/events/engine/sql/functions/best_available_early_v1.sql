-- best_available_early_v1: best_available_v1 with early lock release, for a connection in autocommit.
-- How and why: see reserve_early_v1. Locks, outcomes, SQLSTATEs: see best_available_v1. 2D000: called
-- inside a transaction block.
CREATE PROCEDURE {schema}.best_available_early_v1(
    p_performance uuid, p_party jsonb, p_ttl_seconds integer, p_kind text, p_reference text,
    p_token_hash bytea, p_customer text, p_channel text,
    p_actor text, p_reason text, p_key text DEFAULT NULL, p_digest bytea DEFAULT NULL,
    INOUT p_outcome jsonb DEFAULT NULL
)
LANGUAGE plpgsql AS $$
DECLARE
    v_wrote boolean;
BEGIN
    SET LOCAL synchronous_commit = off;
    p_outcome := {schema}.best_available_v1(p_performance, p_party, p_ttl_seconds, p_kind,
        p_reference, p_token_hash, p_customer, p_channel, p_actor, p_reason, p_key, p_digest);
    v_wrote := pg_current_xact_id_if_assigned() IS NOT NULL;
    COMMIT;
    IF v_wrote THEN
        PERFORM pg_logical_emit_message(true, 'fullhouse', '');
    END IF;
END $$;
