-- Before the catalogue follows the legacy side: names that this run gave and that are given anew
-- step aside, so that two rows may exchange theirs and a name that is free again can be taken.
-- Ids take their place until write/10_catalogue.sql comes to them.
UPDATE {schema}.events_event AS t SET slug = t.id::text
    FROM {schema}.capacity_migration_maderow AS w
    WHERE w.kind = 'event' AND w.row_id = t.id AND w.run_id = (SELECT run_id FROM m_run)
      AND t.slug <> t.id::text
      AND NOT EXISTS (SELECT FROM src_event AS e WHERE e.id = t.id
          AND left(coalesce(nullif(btrim(e.slug), ''), e.id::text), 255) = t.slug);
UPDATE {schema}.events_tickettype AS t SET name = t.id::text
    FROM {schema}.capacity_migration_maderow AS w
    WHERE w.kind = 'ticket_type' AND w.row_id = t.id AND w.run_id = (SELECT run_id FROM m_run)
      AND NOT EXISTS (SELECT FROM src_ticket_type AS y WHERE y.id = t.id
          AND y.event_id = t.event_id
          AND left(coalesce(nullif(btrim(y.name), ''), nullif(btrim(y.code), ''), y.id::text), 100)
              = t.name);
