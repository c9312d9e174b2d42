-- lock_batch_v1: lock everything that any of these requests of a batch may need, in the one order, so
-- that serving them one after another waits for nothing more.
-- p_numbers: which of p_requests. Answers whether no overdue hold is in the way of any. Locks: seat rows (judge_seats_v1); customers and channels where the
-- performance has rules; then those of lock_in_the_way_v1 for all places together.
CREATE FUNCTION {schema}.lock_batch_v1(
    p_performance uuid, p_requests jsonb, p_numbers bigint[]
) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    v_places jsonb;
BEGIN
    SELECT coalesce(jsonb_agg(r.place), '[]') INTO v_places
        FROM unnest(p_numbers) AS w (n),
             jsonb_array_elements(p_requests -> (w.n - 1)::integer -> 'requests') AS r (place);
    IF v_places @? '$[*].seat_id' THEN
        PERFORM {schema}.judge_seats_v1(p_performance, v_places);
    END IF;
    IF EXISTS (SELECT FROM {schema}.events_eventperformance
            WHERE id = p_performance AND has_rules) THEN
        PERFORM {schema}.lock_customer_v1(p_performance, c.customer) FROM (
            SELECT DISTINCT r ->> 'customer' AS customer
            FROM jsonb_array_elements(p_requests) AS r
            WHERE r ->> 'customer' <> '' ORDER BY 1) AS c;
        PERFORM 1 FROM {schema}.events_eventperformance
            WHERE id = p_performance FOR NO KEY UPDATE;
        PERFORM 1 FROM {schema}.events_reservation
            WHERE performance_id = p_performance AND kind = 'channel' AND status = 'reserved'
              AND channel IN (SELECT r ->> 'channel' FROM jsonb_array_elements(p_requests) AS r)
            ORDER BY id FOR NO KEY UPDATE;
    END IF;
    RETURN {schema}.lock_in_the_way_v1(p_performance, v_places) = '{}';
END $$;
