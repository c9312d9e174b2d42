-- Puts the rows of the units of m_batch in which Fullhouse itself moved places into the run's archive,
-- whole, before they go. Units that only the takeover wrote are made anew from the legacy side.
WITH used AS MATERIALIZED (
    SELECT b.performance_id FROM m_batch AS b WHERE EXISTS (
        SELECT FROM {schema}.events_movement AS m WHERE m.performance_id = b.performance_id
          AND m.migration_run_id IS DISTINCT FROM (SELECT run_id FROM m_run))
)
INSERT INTO {schema}.capacity_migration_archivedrow (run_id, performance_id, kind, row_id, content)
SELECT r.run_id, x.performance_id, x.kind, x.id, x.content FROM m_run AS r CROSS JOIN (
    SELECT t.id AS performance_id, 'performance' AS kind, t.id, to_jsonb(t) AS content
        FROM {schema}.events_eventperformance AS t JOIN used ON used.performance_id = t.id
    UNION ALL SELECT t.performance_id, 'section', t.id, to_jsonb(t)
        FROM {schema}.events_eventsection AS t JOIN used USING (performance_id)
    UNION ALL SELECT t.performance_id, 'section_alias', t.id, to_jsonb(t)
        FROM {schema}.events_sectionalias AS t JOIN used USING (performance_id)
    UNION ALL SELECT t.performance_id, 'allocation', t.id, to_jsonb(t)
        FROM {schema}.events_sectiontickettype AS t JOIN used USING (performance_id)
    UNION ALL SELECT t.performance_id, 'seat', t.id, to_jsonb(t)
        FROM {schema}.events_seat AS t JOIN used USING (performance_id)
    UNION ALL SELECT t.performance_id, 'seat_alias', t.legacy_seat_id, to_jsonb(t)
        FROM {schema}.capacity_migration_seatalias AS t JOIN used USING (performance_id)
    UNION ALL SELECT t.performance_id, 'reservation', t.id, to_jsonb(t)
        FROM {schema}.events_reservation AS t JOIN used USING (performance_id)
    UNION ALL SELECT t.performance_id, 'line', t.id, to_jsonb(t)
        FROM {schema}.events_reservationline AS t JOIN used USING (performance_id)
    UNION ALL SELECT t.performance_id, 'movement', t.id, to_jsonb(t)
        FROM {schema}.events_movement AS t JOIN used USING (performance_id)
    UNION ALL SELECT t.performance_id, 'operation', t.id, to_jsonb(t)
        FROM {schema}.events_operation AS t JOIN used USING (performance_id)
) AS x
ON CONFLICT (run_id, kind, row_id) DO NOTHING;
