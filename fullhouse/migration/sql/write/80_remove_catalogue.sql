-- Takes away the ticket types, events and venues that the run made, and gives raised venues the
-- capacity that they had, as far as other performances allow.
DELETE FROM {schema}.events_tickettype AS t USING {schema}.capacity_migration_maderow AS w
    WHERE w.kind = 'ticket_type' AND w.row_id = t.id AND w.run_id = (SELECT run_id FROM m_run);
DELETE FROM {schema}.events_event AS t USING {schema}.capacity_migration_maderow AS w
    WHERE w.kind = 'event' AND w.row_id = t.id AND w.run_id = (SELECT run_id FROM m_run);
DELETE FROM {schema}.events_venue AS t USING {schema}.capacity_migration_maderow AS w
    WHERE w.kind = 'venue' AND w.row_id = t.id AND w.run_id = (SELECT run_id FROM m_run);
UPDATE {schema}.events_venue AS v
    SET total_capacity = greatest((w.detail ->> 'total_capacity')::integer, (
        SELECT max(p.max_capacity) FROM {schema}.events_event AS e
        JOIN {schema}.events_eventperformance AS p ON p.event_id = e.id WHERE e.venue_id = v.id))
    FROM {schema}.capacity_migration_maderow AS w
    WHERE w.kind = 'raised_venue' AND w.row_id = v.id AND w.run_id = (SELECT run_id FROM m_run);
DELETE FROM {schema}.capacity_migration_maderow WHERE run_id = (SELECT run_id FROM m_run);
