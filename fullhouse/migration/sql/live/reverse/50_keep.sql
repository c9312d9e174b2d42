-- Before a legacy row is written for the first time, what it says is kept.
INSERT INTO {schema}.capacity_migration_keptrow (run_id, kind, row_id, before)
SELECT r.run_id, x.kind, x.id, x.before FROM m_run AS r CROSS JOIN (
    SELECT 'seat' AS kind, b.id,
           jsonb_build_object('status', b.old_status, 'is_active', b.old_is_active) AS before
        FROM b_row AS b
    UNION ALL
    SELECT 'seat', b.id, NULL FROM b_added AS b
    UNION ALL
    SELECT 'performance', p.id, jsonb_build_object('current_capacity', p.current_capacity,
               'max_capacity', p.max_capacity, 'ticket_capacities', p.ticket_capacities,
               'is_available', p.is_available)
        FROM src_performance AS p JOIN b_performance AS w ON w.id = p.id
        WHERE (p.current_capacity, p.max_capacity, p.ticket_capacities, p.is_available)
            IS DISTINCT FROM (w.current_capacity, w.max_capacity, w.ticket_capacities, w.is_available)
    UNION ALL
    SELECT 'booking', w.id, CASE WHEN NOT w.is_new THEN jsonb_build_object('status', b.status,
               'participants', b.participants, 'unit_price', b.unit_price,
               'total_price', b.total_price, 'seats', b.seats, 'breakdown', b.breakdown) END
        FROM b_booking AS w LEFT JOIN src_booking AS b ON b.id = w.id
        WHERE w.is_new OR b.id IS NOT NULL
) AS x
WHERE x.id IS NOT NULL
ON CONFLICT (run_id, kind, row_id) DO NOTHING;
