-- What the batch's legacy seat rows shall say. A row whose seat is as it was at the cut-over says
-- what it said then, to the byte. Of rows that are one physical seat the one that became the seat
-- follows it; the others are closed with it and open with it, but are never sold: a second sold row
-- would read as a second sale. A row whose seat Fullhouse took away is blocked.
INSERT INTO b_row
WITH wanted AS (
    SELECT s.id, s.status AS old_status, s.is_active AS old_is_active, k.id IS NOT NULL AS is_kept,
           k.before ->> 'status' AS first_status, (k.before ->> 'is_active')::boolean AS first_active,
           CASE WHEN w.id IS NULL THEN 'blocked'
                WHEN NOT w.is_moved OR o.id IS NOT NULL THEN NULL
                WHEN w.id = s.id OR w.status = 'available' THEN w.status
                ELSE 'blocked' END AS status
        FROM src_seat AS s
        LEFT JOIN {schema}.capacity_migration_seatalias AS a
            ON a.performance_id = s.performance_id AND a.legacy_seat_id = s.id
        LEFT JOIN b_seat AS w ON w.id = coalesce(a.seat_id, s.id)
        -- A row that was sold twice keeps saying so as long as its own sale stands.
        LEFT JOIN {schema}.events_reservationline AS o
            ON o.performance_id = s.performance_id AND o.id = s.id AND o.overbooked
            AND o.status = 'sold'
        LEFT JOIN {schema}.capacity_migration_keptrow AS k
            ON k.run_id = (SELECT run_id FROM m_run) AND k.kind = 'seat' AND k.row_id = s.id
        WHERE s.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
), told AS (
    SELECT w.*, CASE WHEN w.status IS NOT NULL THEN w.status WHEN w.is_kept THEN w.first_status
               ELSE w.old_status END AS new_status,
           CASE WHEN w.status IN ('available', 'reserved') THEN true
                WHEN w.status IS NULL AND w.is_kept THEN w.first_active
                ELSE w.old_is_active END AS new_active
        FROM wanted AS w
)
SELECT t.id, t.new_status, t.new_active, t.old_status, t.old_is_active FROM told AS t
    WHERE (t.new_status, t.new_active) IS DISTINCT FROM (t.old_status, t.old_is_active);

-- Seats that Fullhouse made since.
INSERT INTO b_added
SELECT s.id, s.performance_id, u.event_id, a.ticket_type_id, c.name, s.row_number, s.seat_number,
       w.status, coalesce(s.price, {schema}.final_price(c.base_price, a.price_modifier, c.currency)),
       c.currency, s.is_accessible, s.is_premium, true, now()
    FROM b_seat AS w
    JOIN b_unit AS u ON u.id = w.performance_id
    JOIN {schema}.events_seat AS s ON s.performance_id = w.performance_id AND s.id = w.id
    JOIN {schema}.events_eventsection AS c
        ON c.performance_id = s.performance_id AND c.id = s.section_id
    JOIN {schema}.events_sectiontickettype AS a
        ON a.performance_id = s.performance_id AND a.id = s.allocation_id
    WHERE NOT EXISTS (SELECT FROM src_seat AS x WHERE x.performance_id = w.performance_id
                      AND x.id = w.id);
