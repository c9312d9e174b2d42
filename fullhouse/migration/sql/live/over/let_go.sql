-- Venues, events and ticket types that this run made and that something else hangs on are no longer
-- this run's: they stay, and another takeover leaves them alone. Ticket types and events go on with
-- what stands above them.
WITH made AS MATERIALIZED (
    SELECT w.id, w.kind, w.row_id FROM {schema}.capacity_migration_maderow AS w
        WHERE w.run_id = (SELECT run_id FROM m_run)
), kept_type AS (
    SELECT m.row_id FROM made AS m WHERE m.kind = 'ticket_type' AND (
        EXISTS (SELECT FROM {schema}.events_sectiontickettype AS a WHERE a.ticket_type_id = m.row_id)
        OR EXISTS (SELECT FROM {schema}.events_reservationline AS l WHERE l.ticket_type_id = m.row_id))
), kept_event AS (
    SELECT m.row_id FROM made AS m WHERE m.kind = 'event' AND (
        EXISTS (SELECT FROM {schema}.events_eventperformance AS p WHERE p.event_id = m.row_id)
        OR EXISTS (SELECT FROM {schema}.events_tickettype AS y WHERE y.event_id = m.row_id
                   AND (y.id IN (SELECT row_id FROM kept_type)
                        OR y.id NOT IN (SELECT row_id FROM made WHERE kind = 'ticket_type'))))
), kept_venue AS (
    SELECT m.row_id FROM made AS m WHERE m.kind = 'venue'
        AND EXISTS (SELECT FROM {schema}.events_event AS e WHERE e.venue_id = m.row_id
            AND (e.id IN (SELECT row_id FROM kept_event)
                 OR e.id NOT IN (SELECT row_id FROM made WHERE kind = 'event')))
)
DELETE FROM {schema}.capacity_migration_maderow AS w USING (
    SELECT 'ticket_type' AS kind, row_id FROM kept_type
    UNION ALL SELECT 'event', row_id FROM kept_event
    UNION ALL SELECT 'venue', row_id FROM kept_venue) AS k
    WHERE w.run_id = (SELECT run_id FROM m_run) AND w.kind = k.kind AND w.row_id = k.row_id;
