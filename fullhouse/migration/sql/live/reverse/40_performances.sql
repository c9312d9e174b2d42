-- What the batch's legacy performances shall say: each column only where what it means has moved
-- since the cut-over; what has not says what it said then.
INSERT INTO b_performance
SELECT u.id,
       CASE WHEN u.used <> u.used_then THEN u.used WHEN k.id IS NOT NULL
           THEN (k.before ->> 'current_capacity')::bigint ELSE p.current_capacity
           END AS current_capacity,
       CASE WHEN u.is_resized THEN u.places WHEN k.id IS NOT NULL
           THEN (k.before ->> 'max_capacity')::bigint ELSE p.max_capacity END AS max_capacity,
       CASE WHEN u.is_resized THEN u.parts WHEN k.id IS NOT NULL
           THEN k.before -> 'ticket_capacities' ELSE p.ticket_capacities END AS ticket_capacities,
       CASE WHEN u.is_open = (coalesce(p.is_available, true) AND coalesce(p.is_active, true)
                              AND coalesce(e.is_active, true))
           THEN p.is_available ELSE u.is_open END AS is_available
    FROM b_unit AS u
    JOIN src_performance AS p ON p.id = u.id
    LEFT JOIN m_event AS e ON e.id = u.event_id
    LEFT JOIN {schema}.capacity_migration_keptrow AS k
        ON k.run_id = (SELECT run_id FROM m_run) AND k.kind = 'performance' AND k.row_id = u.id;
