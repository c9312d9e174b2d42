-- The sums of the whole run in one look, both sides locked or at rest: what the units cannot see of
-- each other. A row for each sum that is unlike: what, legacy or outer number, own or inner number.
WITH unit AS MATERIALIZED (
    SELECT performance_id, seats, done_at FROM {schema}.capacity_migration_migrationunit
        WHERE run_id = (SELECT run_id FROM m_run)
), performance AS MATERIALIZED (
    SELECT p.id, p.max_capacity FROM {schema}.events_eventperformance AS p
        JOIN unit AS u ON u.performance_id = p.id
), allocation AS MATERIALIZED (
    SELECT a.id, a.allocated_capacity, a.reserved_capacity, a.sold_capacity, a.available_capacity
        FROM {schema}.events_sectiontickettype AS a JOIN unit AS u USING (performance_id)
)
SELECT x.what, x.legacy, x.new FROM (
    SELECT 'legacy performances and units' AS what, (SELECT count(*) FROM src_performance) AS legacy,
           (SELECT count(*) FROM unit WHERE done_at IS NOT NULL) AS new
    UNION ALL
    SELECT 'units and performances', (SELECT count(*) FROM unit), (SELECT count(*) FROM performance)
    UNION ALL
    SELECT 'legacy seat rows and those read',
           (SELECT count(*) FROM src_seat AS s JOIN unit AS u USING (performance_id)),
           (SELECT coalesce(sum(seats), 0) FROM unit)
    UNION ALL
    SELECT 'places of performances and of sections',
           (SELECT coalesce(sum(max_capacity), 0) FROM performance),
           (SELECT coalesce(sum(s.total_capacity), 0) FROM {schema}.events_eventsection AS s
            JOIN unit AS u USING (performance_id))
    UNION ALL
    SELECT 'places of performances and of allocations',
           (SELECT coalesce(sum(max_capacity), 0) FROM performance),
           (SELECT coalesce(sum(allocated_capacity), 0) FROM allocation)
    UNION ALL
    SELECT 'places taken and lines',
           (SELECT coalesce(sum(reserved_capacity + sold_capacity), 0) FROM allocation),
           (SELECT coalesce(sum(l.quantity), 0) FROM {schema}.events_reservationline AS l
            JOIN unit AS u USING (performance_id) WHERE l.status IN ('reserved', 'sold'))
) AS x WHERE x.legacy <> x.new;
