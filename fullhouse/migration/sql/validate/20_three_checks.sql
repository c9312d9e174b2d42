-- The three checks of capacity, on the new rows alone: the performance is the sum of its sections,
-- a section the sum of its allocations, an allocation the sum of its states. And I1.
INSERT INTO m_mismatch
SELECT 'performance_is_its_sections', p.id, 'performance', p.id::text,
       jsonb_build_object('max_capacity', p.max_capacity), jsonb_build_object('sections', s.places)
    FROM {schema}.events_eventperformance AS p
    LEFT JOIN (SELECT performance_id, sum(total_capacity) AS places
               FROM {schema}.events_eventsection
               WHERE performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
               GROUP BY performance_id) AS s ON s.performance_id = p.id
    WHERE p.id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND p.max_capacity <> coalesce(s.places, 0)
    LIMIT 1000;
INSERT INTO m_mismatch
SELECT 'section_is_its_types', s.performance_id, 'section', s.id::text,
       jsonb_build_object('total_capacity', s.total_capacity),
       jsonb_build_object('allocations', a.places)
    FROM {schema}.events_eventsection AS s
    LEFT JOIN (SELECT section_id, sum(allocated_capacity) AS places
               FROM {schema}.events_sectiontickettype
               WHERE performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
               GROUP BY section_id) AS a ON a.section_id = s.id
    WHERE s.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND s.total_capacity <> coalesce(a.places, 0)
    LIMIT 1000;
INSERT INTO m_mismatch
SELECT 'type_is_its_states', a.performance_id, 'allocation', a.id::text,
       jsonb_build_object('allocated', a.allocated_capacity),
       jsonb_build_object('available', a.available_capacity, 'reserved', a.reserved_capacity,
           'sold', a.sold_capacity, 'lines_reserved', l.reserved, 'lines_sold', l.sold)
    FROM {schema}.events_sectiontickettype AS a
    LEFT JOIN (SELECT allocation_id,
                      sum(quantity) FILTER (WHERE status = 'reserved') AS reserved,
                      sum(quantity) FILTER (WHERE status = 'sold') AS sold
               FROM {schema}.events_reservationline
               WHERE allocation_id = ANY (ARRAY(
                   SELECT x.id FROM {schema}.events_sectiontickettype AS x
                   WHERE x.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))))
               GROUP BY allocation_id) AS l ON l.allocation_id = a.id
    WHERE a.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND (a.allocated_capacity <> a.available_capacity + a.reserved_capacity + a.sold_capacity
           OR a.reserved_capacity <> coalesce(l.reserved, 0)
           OR a.sold_capacity <> coalesce(l.sold, 0))
    LIMIT 1000;
INSERT INTO m_mismatch
SELECT 'venue_holds_performance', p.id, 'venue', v.id::text,
       jsonb_build_object('max_capacity', p.max_capacity),
       jsonb_build_object('total_capacity', v.total_capacity)
    FROM {schema}.events_eventperformance AS p
    JOIN {schema}.events_event AS e ON e.id = p.event_id
    JOIN {schema}.events_venue AS v ON v.id = e.venue_id
    WHERE p.id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND p.max_capacity > v.total_capacity
    LIMIT 1000;
