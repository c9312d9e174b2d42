-- Whether a change of a venue, event or ticket type waits in the outbox of this snapshot: true, false.
-- Then the catalogue is not compared. A session's own copy of it may be older than the snapshot, but
-- only by such changes, because no pass runs beside a comparison: both need the lease.
SELECT EXISTS (
    SELECT FROM {schema}.capacity_migration_outbox AS o
    WHERE o.run_id = (SELECT run_id FROM m_run) AND o.direction = 'forward'
      AND o.performance_id IS NULL
      AND (o.link IS NULL OR EXISTS (SELECT FROM v_link AS v WHERE v.id = o.id
                                     AND v.performance_id IS NULL)))
