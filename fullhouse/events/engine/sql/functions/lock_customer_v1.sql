-- lock_customer_v1: one buyer at a time as this customer, where a limit per customer has to be counted.
--
-- Two holds at once would each count without the other and together exceed the limit. Nothing is locked
-- where no rule of the performance limits customers, or the customer is blank.
-- Locks: the customer in this performance (advisory, until the transaction ends), before the
-- performance, reservations, seats and allocations.
CREATE FUNCTION {schema}.lock_customer_v1(p_performance uuid, p_customer text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF p_customer <> '' AND EXISTS (SELECT FROM {schema}.events_salesrule
            WHERE performance_id = p_performance AND max_per_customer IS NOT NULL) THEN
        PERFORM pg_advisory_xact_lock(hashtextextended(p_performance || ' ' || p_customer, 460));
    END IF;
END $$;
