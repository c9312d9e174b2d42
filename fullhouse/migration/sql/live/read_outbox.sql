-- Reads at most {limit} ids of the outbox, of all of it or of one share. No cursor: an id that commits
-- late is lower than some that were read before, so what was read is deleted by id and whatever is
-- left is read next time.
DELETE FROM m_read;
INSERT INTO m_read (id, performance_id, event_id)
SELECT o.id, o.performance_id, o.event_id
    FROM {schema}.capacity_migration_outbox AS o
    WHERE o.run_id = (SELECT run_id FROM m_run) AND o.direction = 'forward'
      AND o.link IS NULL AND {share}
    ORDER BY o.id LIMIT {limit};
