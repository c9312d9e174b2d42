-- end_offers_v1: the waiting parties whose offers these reservations were have let them go.
-- The caller has locked the reservations; an offered entry is only changed under its offer's lock.
CREATE FUNCTION {schema}.end_offers_v1(p_performance uuid, p_reservations uuid[], p_status text)
RETURNS void
LANGUAGE sql VOLATILE AS $$
    UPDATE {schema}.events_waitingentry SET status = p_status
        WHERE performance_id = p_performance AND offer_id = ANY (p_reservations)
          AND status = 'offered'
$$;
