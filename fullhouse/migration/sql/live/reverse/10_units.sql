-- What the batch is in Fullhouse now, and what it was at the cut-over: the ledger knows, because the
-- takeover's own movements carry the run.
INSERT INTO b_unit
WITH now AS (
    SELECT a.performance_id, a.ticket_type_id, sum(a.allocated_capacity) AS places,
           sum(a.reserved_capacity + a.sold_capacity) AS used, 0 AS places_then, 0 AS used_then
        FROM {schema}.events_sectiontickettype AS a
        WHERE a.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
        GROUP BY a.performance_id, a.ticket_type_id
    UNION ALL
    SELECT m.performance_id, a.ticket_type_id, 0, 0,
           sum(CASE WHEN m.from_state IS NULL THEN m.quantity ELSE 0 END),
           sum(CASE WHEN m.from_state IS NULL THEN 0 ELSE m.quantity END)
        FROM {schema}.events_movement AS m
        LEFT JOIN {schema}.events_sectiontickettype AS a
            ON a.performance_id = m.performance_id AND a.id = m.allocation_id
        WHERE m.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
          AND m.migration_run_id = (SELECT run_id FROM m_run)
        GROUP BY m.performance_id, a.ticket_type_id
), typed AS (
    SELECT n.performance_id, n.ticket_type_id, sum(n.places) AS places, sum(n.used) AS used,
           sum(n.places_then) AS places_then, sum(n.used_then) AS used_then
        FROM now AS n GROUP BY n.performance_id, n.ticket_type_id
), summed AS (
    SELECT t.performance_id, sum(t.places) AS places, sum(t.used) AS used,
           sum(t.used_then) AS used_then, bool_or(t.places <> t.places_then) AS is_resized,
           coalesce(jsonb_object_agg(y.name, t.places) FILTER (WHERE y.name IS NOT NULL
               AND t.places > 0), '{}') AS parts
        FROM typed AS t LEFT JOIN {schema}.events_tickettype AS y ON y.id = t.ticket_type_id
        GROUP BY t.performance_id
)
SELECT p.id, p.event_id, p.status = 'on_sale', coalesce(s.used, 0), coalesce(s.used_then, 0),
       coalesce(s.places, 0), coalesce(s.parts, '{}'), coalesce(s.is_resized, false)
    FROM {schema}.events_eventperformance AS p
    LEFT JOIN summed AS s ON s.performance_id = p.id
    WHERE p.id = ANY (ARRAY(SELECT performance_id FROM m_batch));

INSERT INTO b_seat
SELECT s.id, s.performance_id,
       CASE WHEN s.status = 'reserved' AND r.kind IN ('house', 'kill', 'channel') THEN 'blocked' ELSE s.status END,
       (s.status, l.reservation_id)
           IS DISTINCT FROM (coalesce(m.to_state, 'available'), m.reservation_id)
    FROM {schema}.events_seat AS s
    LEFT JOIN {schema}.events_reservationline AS l
        ON l.performance_id = s.performance_id AND l.seat_id = s.id
        AND l.status IN ('reserved', 'sold')
    LEFT JOIN {schema}.events_reservation AS r
        ON r.performance_id = s.performance_id AND r.id = l.reservation_id
    LEFT JOIN {schema}.events_movement AS m
        ON m.performance_id = s.performance_id AND m.seat_id = s.id
        AND m.migration_run_id = (SELECT run_id FROM m_run)
    WHERE s.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch));
