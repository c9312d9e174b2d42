-- Ticket types, events and venues of this run that the legacy side has no more, once nothing hangs
-- on them: their units are made anew in the same pass or a later one.
WITH gone AS (
    DELETE FROM {schema}.events_tickettype AS t USING {schema}.capacity_migration_maderow AS w
        WHERE w.kind = 'ticket_type' AND w.row_id = t.id AND w.run_id = (SELECT run_id FROM m_run)
          AND t.id NOT IN (SELECT id FROM m_type)
          AND NOT EXISTS (SELECT FROM {schema}.events_sectiontickettype AS a
                          WHERE a.ticket_type_id = t.id)
          AND NOT EXISTS (SELECT FROM {schema}.events_reservationline AS l
                          WHERE l.ticket_type_id = t.id)
        RETURNING t.id
)
DELETE FROM {schema}.capacity_migration_maderow AS w USING gone
    WHERE w.kind = 'ticket_type' AND w.row_id = gone.id;
WITH gone AS (
    DELETE FROM {schema}.events_event AS t USING {schema}.capacity_migration_maderow AS w
        WHERE w.kind = 'event' AND w.row_id = t.id AND w.run_id = (SELECT run_id FROM m_run)
          AND t.id NOT IN (SELECT id FROM m_event)
          AND NOT EXISTS (SELECT FROM {schema}.events_eventperformance AS p WHERE p.event_id = t.id)
          AND NOT EXISTS (SELECT FROM {schema}.events_tickettype AS y WHERE y.event_id = t.id)
        RETURNING t.id
)
DELETE FROM {schema}.capacity_migration_maderow AS w USING gone
    WHERE w.kind = 'event' AND w.row_id = gone.id;
WITH gone AS (
    DELETE FROM {schema}.events_venue AS t USING {schema}.capacity_migration_maderow AS w
        WHERE w.kind = 'venue' AND w.row_id = t.id AND w.run_id = (SELECT run_id FROM m_run)
          AND t.id NOT IN (SELECT id FROM m_venue)
          AND NOT EXISTS (SELECT FROM {schema}.events_event AS e WHERE e.venue_id = t.id)
        RETURNING t.id
)
DELETE FROM {schema}.capacity_migration_maderow AS w USING gone
    WHERE w.kind = 'venue' AND w.row_id = gone.id;
