-- The batch's performances. A performance that is gone from the legacy side has no row here.
INSERT INTO m_unit
SELECT row_number() OVER (ORDER BY p.id), p.id, e.id, e.venue_id,
       coalesce(p.date, p.created_at::date, DATE '2000-01-01'),
       -- Two performances of one event at the same moment are told apart by seconds.
       coalesce(p.start_time, TIME '00:00') + (
           SELECT count(*) FROM src_performance AS o
           WHERE o.event_id = p.event_id AND o.id < p.id
             AND coalesce(o.date, o.created_at::date, DATE '2000-01-01')
               = coalesce(p.date, p.created_at::date, DATE '2000-01-01')
             AND coalesce(o.start_time, TIME '00:00') = coalesce(p.start_time, TIME '00:00')
       ) * INTERVAL '1 second',
       CASE WHEN coalesce(p.is_active, true) AND coalesce(p.is_available, true) AND e.is_active
           THEN 'on_sale' ELSE 'closed' END,
       greatest(p.max_capacity, 0), p.current_capacity,
       pg_temp.m_decoded(p.ticket_capacities), p.ticket_capacities, coalesce(e.currency, 'USD'),
       EXISTS (SELECT FROM m_given_section AS g WHERE g.performance_id = p.id),
       NULL, coalesce(p.is_active, true), e.is_active, coalesce(p.is_available, true),
       p.date, p.start_time, coalesce(p.created_at, '2000-01-01 00:00Z')
    FROM src_performance AS p
    JOIN m_event AS e ON e.id = coalesce(p.event_id, pg_temp.m_id(p.id, 'event'))
    WHERE p.id = ANY (ARRAY(SELECT performance_id FROM m_batch));
