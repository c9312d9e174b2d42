-- What of this run cannot go, because something that it did not make hangs on it: kind, id, why.
WITH made AS (
    SELECT w.kind, w.row_id FROM {schema}.capacity_migration_maderow AS w
        WHERE w.run_id = (SELECT run_id FROM m_run)
)
SELECT 'performance', m.row_id, 'places moved in Fullhouse since' FROM made AS m
    WHERE m.kind = 'performance' AND EXISTS (
        SELECT FROM {schema}.events_movement AS t WHERE t.performance_id = m.row_id
        AND t.migration_run_id IS DISTINCT FROM (SELECT run_id FROM m_run))
UNION ALL
SELECT 'performance', m.row_id, 'it has sales rules that were set in Fullhouse' FROM made AS m
    WHERE m.kind = 'performance' AND EXISTS (
        SELECT FROM {schema}.events_salesrule AS r WHERE r.performance_id = m.row_id)
UNION ALL
SELECT 'performance', m.row_id, 'it has a waiting list' FROM made AS m
    WHERE m.kind = 'performance' AND EXISTS (
        SELECT FROM {schema}.events_waitingentry AS w WHERE w.performance_id = m.row_id)
UNION ALL
SELECT 'event', m.row_id, 'it has a performance that this takeover did not make' FROM made AS m
    WHERE m.kind = 'event' AND EXISTS (
        SELECT FROM {schema}.events_eventperformance AS p WHERE p.event_id = m.row_id
        AND p.id NOT IN (SELECT row_id FROM made WHERE kind = 'performance'))
UNION ALL
SELECT 'event', m.row_id, 'it has a ticket type that this takeover did not make' FROM made AS m
    WHERE m.kind = 'event' AND EXISTS (
        SELECT FROM {schema}.events_tickettype AS t WHERE t.event_id = m.row_id
        AND t.id NOT IN (SELECT row_id FROM made WHERE kind = 'ticket_type'))
UNION ALL
SELECT 'ticket_type', m.row_id, 'another performance sells it' FROM made AS m
    WHERE m.kind = 'ticket_type' AND EXISTS (
        SELECT FROM {schema}.events_sectiontickettype AS a WHERE a.ticket_type_id = m.row_id
        AND a.performance_id NOT IN (SELECT row_id FROM made WHERE kind = 'performance'))
UNION ALL
SELECT 'venue', m.row_id, 'it has an event that this takeover did not make' FROM made AS m
    WHERE m.kind = 'venue' AND EXISTS (
        SELECT FROM {schema}.events_event AS e WHERE e.venue_id = m.row_id
        AND e.id NOT IN (SELECT row_id FROM made WHERE kind = 'event'))
ORDER BY 1, 2;
