-- Performances that are gone from the legacy side: their rows are (write/50_strays.sql), they follow.
DELETE FROM {schema}.events_eventperformance AS t USING m_batch AS b
    WHERE t.id = b.performance_id AND t.id NOT IN (SELECT performance_id FROM m_unit);
DELETE FROM {schema}.capacity_migration_maderow AS t USING m_batch AS b
    WHERE t.kind = 'performance' AND t.row_id = b.performance_id
      AND t.run_id = (SELECT run_id FROM m_run)
      AND b.performance_id NOT IN (SELECT performance_id FROM m_unit);
DELETE FROM {schema}.capacity_migration_migrationunit AS t USING m_batch AS b
    WHERE t.performance_id = b.performance_id AND t.run_id = (SELECT run_id FROM m_run)
      AND b.performance_id NOT IN (SELECT performance_id FROM m_unit);
