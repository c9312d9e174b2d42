-- audit_waiting_v1: the part of audit_v1 about the waiting list (I6): each offer that holds places is the
-- offer of one entry, and each offered entry has such an offer.
CREATE FUNCTION {schema}.audit_waiting_v1(p_performance uuid)
RETURNS TABLE (
    rule text, table_name text, id uuid, performance_id uuid, expected text, found text
)
LANGUAGE plpgsql STABLE
SET plan_cache_mode TO force_custom_plan AS $$
BEGIN
    RETURN QUERY
        SELECT 'I6', CASE WHEN w.id IS NULL THEN 'events_reservation' ELSE 'events_waitingentry' END,
               coalesce(w.id, r.id), coalesce(w.performance_id, r.performance_id),
               CASE WHEN w.id IS NULL THEN 'an entry of the waiting list that is offered this'
                    ELSE format('offer %s, reserved', w.offer_id) END,
               CASE WHEN w.id IS NULL THEN 'none' ELSE coalesce(
                    (SELECT format('%s, %s', o.kind, o.status) FROM {schema}.events_reservation AS o
                     WHERE o.performance_id = w.performance_id AND o.id = w.offer_id),
                    'no such reservation') END
        FROM (
            SELECT e.id, e.performance_id, e.offer_id FROM {schema}.events_waitingentry AS e
            WHERE e.status = 'offered'
              AND (p_performance IS NULL OR e.performance_id = p_performance)
        ) AS w
        FULL JOIN (
            SELECT o.id, o.performance_id FROM {schema}.events_reservation AS o
            WHERE o.kind = 'offer' AND o.status = 'reserved'
              AND (p_performance IS NULL OR o.performance_id = p_performance)
        ) AS r ON r.performance_id = w.performance_id AND r.id = w.offer_id
        WHERE w.id IS NULL OR r.id IS NULL;
END $$;
