-- Once m_type is read: names of ticket types that are given anew step aside, so that one UPDATE may
-- give a name to a type before it takes it from another. What is read decides, not what stands in
-- the legacy table by now: a rename may be committed in between.
UPDATE {schema}.events_tickettype AS t SET name = t.id::text
    FROM m_type AS y CROSS JOIN m_run AS r
    JOIN {schema}.capacity_migration_maderow AS w ON w.kind = 'ticket_type'
    WHERE t.id = y.id AND w.row_id = y.id AND w.run_id = r.run_id AND t.name <> y.name;
