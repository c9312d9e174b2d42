-- Takes away the rows of the performances in m_batch, children first.
DELETE FROM {schema}.events_movement AS t USING m_batch AS b
    WHERE t.performance_id = b.performance_id;
DELETE FROM {schema}.events_operation AS t USING m_batch AS b
    WHERE t.performance_id = b.performance_id;
DELETE FROM {schema}.events_reservationline AS t
    USING m_batch AS b, {schema}.events_reservation AS r
    WHERE r.performance_id = b.performance_id AND t.performance_id = b.performance_id
      AND t.reservation_id = r.id;
DELETE FROM {schema}.events_reservation AS t USING m_batch AS b
    WHERE t.performance_id = b.performance_id;
DELETE FROM {schema}.events_seat AS t USING m_batch AS b
    WHERE t.performance_id = b.performance_id;
DELETE FROM {schema}.capacity_migration_seatalias AS t USING m_batch AS b
    WHERE t.performance_id = b.performance_id;
DELETE FROM {schema}.events_sectionalias AS t USING m_batch AS b
    WHERE t.performance_id = b.performance_id;
DELETE FROM {schema}.events_sectiontickettype AS t USING m_batch AS b
    WHERE t.performance_id = b.performance_id;
DELETE FROM {schema}.events_eventsection AS t USING m_batch AS b
    WHERE t.performance_id = b.performance_id;
DELETE FROM {schema}.events_eventperformance AS t USING m_batch AS b
    WHERE t.id = b.performance_id;
DELETE FROM {schema}.capacity_migration_maderow AS t USING m_batch AS b
    WHERE t.kind = 'performance' AND t.row_id = b.performance_id
      AND t.run_id = (SELECT run_id FROM m_run);
UPDATE {schema}.capacity_migration_migrationunit AS t SET done_at = NULL
    FROM m_batch AS b
    WHERE t.performance_id = b.performance_id AND t.run_id = (SELECT run_id FROM m_run);
