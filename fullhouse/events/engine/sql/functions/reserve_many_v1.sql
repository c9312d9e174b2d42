-- reserve_many_v1: a batch of independent reserves of one performance, first come, first served.
--
-- p_requests: a list of 1 to 1000 objects {"requests", "ttl_seconds", "kind", "reference",
-- "token_hash" (hex or null), "customer", "channel", "actor", "reason", "key" (or null), "digest"
-- (hex)}: the arguments of reserve_v1, each for itself. Outcomes, tables and ledger are those of as
-- many calls of reserve_v1 in that order; a request that is refused or malformed fails nobody else.
--
-- Where all are of the commonest form (batch_items_v1), they are decided and written as sets, the
-- hot rows last (reserve_runs_v1). Otherwise the malformed ones are told apart, and the others are
-- served in order under all locks together (reserve_mixed_v1).
-- Locks: the idempotency keys; then those of reserve_v1 for all requests together, in the one order.
-- Outcome: answered {answers: [an outcome of reserve_v1, or invalid {sqlstate, message}, in order],
-- made: made_facts_v1, where every hold among the answers was made by this call; else null}.
-- SQLSTATE: FH410 no performance; FH451 not a list of 1 to 1000 objects; 55P03 a lock timeout.
CREATE FUNCTION {schema}.reserve_many_v1(p_performance uuid, p_requests jsonb) RETURNS jsonb
LANGUAGE plpgsql SET fullhouse.engine TO 'on' SET lock_timeout TO '5s' AS $$
DECLARE
    v_answers jsonb;
    v_problems jsonb;
    v_good jsonb;
BEGIN
    PERFORM {schema}.require_many_v1(p_performance, p_requests);
    v_answers := {schema}.reserve_runs_v1(p_performance, p_requests);
    IF v_answers IS NOT NULL THEN
        RETURN jsonb_build_object('outcome', 'answered', 'answers', v_answers,
            'made', {schema}.made_facts_v1(p_performance, v_answers));
    END IF;
    SELECT jsonb_agg(p.problem ORDER BY p.n),
           jsonb_agg(p.request ORDER BY p.n) FILTER (WHERE p.problem IS NULL)
        INTO v_problems, v_good
        FROM (SELECT r.n, r.request,
                     {schema}.reserve_problem_v1(p_performance, r.request) AS problem
              FROM jsonb_array_elements(p_requests) WITH ORDINALITY AS r (request, n)) AS p;
    IF v_good IS NOT NULL AND v_good <> p_requests THEN
        v_answers := {schema}.reserve_runs_v1(p_performance, v_good);
    END IF;
    IF v_good IS NOT NULL AND v_answers IS NULL THEN
        v_answers := {schema}.reserve_mixed_v1(p_performance, v_good);
    END IF;
    RETURN jsonb_build_object('outcome', 'answered', 'made', NULL, 'answers', (
        SELECT jsonb_agg(CASE WHEN p.problem <> 'null' THEN p.problem
            ELSE v_answers -> (p.place - 1)::integer END ORDER BY p.n)
        FROM (SELECT r.n, r.problem, count(*) FILTER (WHERE r.problem = 'null') OVER (
                  ORDER BY r.n) AS place
              FROM jsonb_array_elements(v_problems) WITH ORDINALITY AS r (problem, n)) AS p));
END $$;
