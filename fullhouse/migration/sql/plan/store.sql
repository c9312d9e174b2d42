-- The plan's document: units, totals before and after, anomalies by kind, seconds.
UPDATE {schema}.capacity_migration_migrationrun AS r SET plan = jsonb_build_object(
    'units', coalesce((SELECT jsonb_agg(p.unit ORDER BY p.unit ->> 'venue', p.unit ->> 'event',
        p.unit ->> 'date', p.unit ->> 'time', p.performance_id) FROM m_plan AS p), '[]'),
    'totals', (
        SELECT jsonb_build_object(
            'before', jsonb_build_object('performances', count(*),
                'max_capacity', coalesce(sum((p.unit #>> '{before,max_capacity}')::bigint), 0),
                'seats', coalesce(sum((p.unit #>> '{before,seats}')::bigint), 0),
                'sections', coalesce(sum(jsonb_array_length(p.unit #> '{before,sections}')), 0),
                'available', coalesce(sum((p.unit #>> '{before,available}')::bigint), 0),
                'reserved', coalesce(sum((p.unit #>> '{before,reserved}')::bigint), 0),
                'sold', coalesce(sum((p.unit #>> '{before,sold}')::bigint), 0),
                'bookings', coalesce(sum((p.unit #>> '{before,bookings}')::bigint), 0)),
            'after', jsonb_build_object('performances', count(*),
                'max_capacity', coalesce(sum((p.unit #>> '{after,max_capacity}')::bigint), 0),
                'sections', coalesce(sum(jsonb_array_length(p.unit #> '{after,sections}')), 0),
                'available', coalesce(sum((p.unit #>> '{after,available}')::bigint), 0),
                'reserved', coalesce(sum((p.unit #>> '{after,reserved}')::bigint), 0),
                'sold', coalesce(sum((p.unit #>> '{after,sold}')::bigint), 0)))
        FROM m_plan AS p),
    'counts', coalesce((SELECT jsonb_object_agg(k.kind, k.n) FROM (
        SELECT kind, count(*) AS n FROM {schema}.capacity_migration_anomaly
        WHERE run_id = (SELECT run_id FROM m_run) GROUP BY kind) AS k), '{}'),
    'seconds_estimate', current_setting('fullhouse.plan_seconds')::numeric)
    WHERE r.id = (SELECT run_id FROM m_run);
