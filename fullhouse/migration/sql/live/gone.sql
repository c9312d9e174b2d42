-- Performances that are gone from the legacy side, and by write/50_strays.sql from here, have no unit.
DELETE FROM {schema}.capacity_migration_migrationunit AS t USING m_batch AS b
    WHERE t.performance_id = b.performance_id AND t.run_id = (SELECT run_id FROM m_run)
      AND b.performance_id NOT IN (SELECT performance_id FROM m_unit);
