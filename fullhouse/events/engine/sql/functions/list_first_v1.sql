-- list_first_v1: whether places that these reservations free go to the waiting list before the public:
-- the performance says so, or one of them was an offer to the list. Reads only.
CREATE FUNCTION {schema}.list_first_v1(p_performance uuid, p_reservations uuid[]) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM {schema}.events_eventperformance
                   WHERE id = p_performance AND waiting_list_first)
        OR EXISTS (SELECT FROM {schema}.events_reservation
                   WHERE performance_id = p_performance AND id = ANY (p_reservations)
                     AND kind = 'offer');
END $$;
