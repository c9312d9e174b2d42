-- lock_entry_v1: lock a waiting list entry with the offer it has, and say why it cannot be acted on.
--
-- p_token_hash: of the secret that the caller showed; null: staff, who need none.
-- p_statuses: what the entry may be. Returns the entry as found; the refusal is null, or unknown
-- {what, id} | wrong_token | not_waiting {status}.
-- Locks: performance (so that nobody is offering), the offer's reservation, the entry.
CREATE FUNCTION {schema}.lock_entry_v1(
    p_performance uuid, p_entry uuid, p_token_hash bytea, p_statuses text[],
    OUT refusal jsonb, OUT entry {schema}.events_waitingentry
)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM {schema}.events_eventperformance WHERE id = p_performance FOR NO KEY UPDATE;
    PERFORM 1 FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = (
            SELECT offer_id FROM {schema}.events_waitingentry
            WHERE performance_id = p_performance AND id = p_entry AND status = 'offered')
        FOR NO KEY UPDATE;
    SELECT * INTO entry FROM {schema}.events_waitingentry
        WHERE performance_id = p_performance AND id = p_entry FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        refusal := jsonb_build_object('outcome', 'unknown', 'what', 'waiting_entry', 'id', p_entry);
    ELSIF p_token_hash IS NOT NULL AND entry.token_hash IS DISTINCT FROM p_token_hash THEN
        refusal := '{"outcome": "wrong_token"}';
    ELSIF entry.status <> ALL (p_statuses) THEN
        refusal := jsonb_build_object('outcome', 'not_waiting', 'status', entry.status);
    END IF;
END $$;
