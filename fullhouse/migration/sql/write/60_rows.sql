-- The batch's rows that do not stand yet. Lock order: performance, section, allocation, seat, lines.
WITH made AS (
    INSERT INTO {schema}.events_eventperformance AS t
        (id, event_id, date, start_time, max_capacity, status, created_at)
    SELECT w.id, w.event_id, w.date, w.start_time, w.max_capacity, w.status, w.created_at
        FROM want_performance AS w ORDER BY w.id
    ON CONFLICT (id) DO UPDATE SET event_id = excluded.event_id, date = excluded.date,
        start_time = excluded.start_time, max_capacity = excluded.max_capacity,
        status = excluded.status, created_at = excluded.created_at
        WHERE (t.event_id, t.date, t.start_time, t.max_capacity, t.status, t.created_at)
            IS DISTINCT FROM (excluded.event_id, excluded.date, excluded.start_time,
                excluded.max_capacity, excluded.status, excluded.created_at)
    RETURNING t.id
)
INSERT INTO {schema}.capacity_migration_maderow (run_id, kind, row_id, detail)
SELECT r.run_id, 'performance', made.id, '{}' FROM made CROSS JOIN m_run AS r
    ON CONFLICT DO NOTHING;

INSERT INTO {schema}.events_eventsection
    (id, performance_id, name, total_capacity, base_price, currency, position, created_at)
SELECT w.id, w.performance_id, w.name, w.total_capacity, w.base_price, w.currency, w.position,
       w.created_at
    FROM want_section AS w
    WHERE NOT EXISTS (SELECT FROM m_kept AS k WHERE k.kind = 'section' AND k.id = w.id);
INSERT INTO {schema}.events_sectiontickettype
    (id, performance_id, section_id, ticket_type_id, allocated_capacity, available_capacity,
     unseated_available, reserved_capacity, sold_capacity, price_modifier, created_at)
SELECT w.id, w.performance_id, w.section_id, w.ticket_type_id, w.allocated_capacity,
       w.available_capacity, w.unseated_available, w.reserved_capacity, w.sold_capacity,
       w.price_modifier, w.created_at
    FROM want_allocation AS w
    WHERE NOT EXISTS (SELECT FROM m_kept AS k WHERE k.kind = 'allocation' AND k.id = w.id);
INSERT INTO {schema}.events_sectionalias (id, performance_id, section_id, spelling)
SELECT w.id, w.performance_id, w.section_id, w.spelling
    FROM want_section_alias AS w
    WHERE NOT EXISTS (SELECT FROM m_kept AS k WHERE k.kind = 'section_alias' AND k.id = w.id);
INSERT INTO {schema}.events_seat
    (id, performance_id, section_id, allocation_id, row_number, seat_number, status, price,
     is_accessible, is_premium, row_rank, seat_rank)
SELECT w.id, w.performance_id, w.section_id, w.allocation_id, w.row_number, w.seat_number, w.status,
       w.price, w.is_accessible, w.is_premium, w.row_rank, w.seat_rank
    FROM want_seat AS w
    WHERE NOT EXISTS (SELECT FROM m_kept AS k
                      WHERE k.kind IN ('seat', 'changed_seat') AND k.id = w.id);
UPDATE {schema}.events_seat AS t
    SET (section_id, allocation_id, row_number, seat_number, status, price, is_accessible, is_premium,
         row_rank, seat_rank)
      = (w.section_id, w.allocation_id, w.row_number, w.seat_number, w.status, w.price,
         w.is_accessible, w.is_premium, w.row_rank, w.seat_rank)
    FROM want_seat AS w JOIN m_kept AS k ON k.kind = 'changed_seat' AND k.id = w.id
    WHERE t.id = w.id
      AND t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch));
INSERT INTO {schema}.capacity_migration_seatalias (run_id, performance_id, legacy_seat_id, seat_id)
SELECT r.run_id, w.performance_id, w.legacy_seat_id, w.seat_id
    FROM want_seat_alias AS w CROSS JOIN m_run AS r
    WHERE NOT EXISTS (
        SELECT FROM m_kept AS k WHERE k.kind = 'seat_alias' AND k.id = w.legacy_seat_id)
    ORDER BY w.performance_id, w.legacy_seat_id;
INSERT INTO {schema}.events_reservation
    (id, performance_id, reference, kind, status, customer, reason, created_at)
SELECT w.id, w.performance_id, w.reference, w.kind, w.status, w.customer, w.reason, w.created_at
    FROM want_reservation AS w
    WHERE NOT EXISTS (SELECT FROM m_kept AS k WHERE k.kind = 'reservation' AND k.id = w.id);
INSERT INTO {schema}.events_reservationline
    (id, performance_id, reservation_id, allocation_id, ticket_type_id, seat_id, quantity,
     unit_price, status, overbooked)
SELECT w.id, w.performance_id, w.reservation_id, w.allocation_id, w.ticket_type_id, w.seat_id,
       w.quantity, w.unit_price, w.status, w.overbooked
    FROM want_line AS w
    WHERE NOT EXISTS (SELECT FROM m_kept AS k WHERE k.kind = 'line' AND k.id = w.id);
INSERT INTO {schema}.events_movement
    (id, performance_id, allocation_id, seat_id, reservation_id, from_state, to_state, quantity,
     operation, actor, at, migration_run_id)
SELECT w.id, w.performance_id, w.allocation_id, w.seat_id, w.reservation_id, w.from_state,
       w.to_state, w.quantity, 'migrate', 'migration', w.at, w.migration_run_id
    FROM want_movement AS w
    WHERE NOT EXISTS (SELECT FROM m_kept AS k WHERE k.kind = 'movement' AND k.id = w.id);

UPDATE {schema}.capacity_migration_migrationunit AS u
    SET done_at = clock_timestamp(), seats = coalesce(n.seats, 0), error = ''
    FROM m_batch AS b
    LEFT JOIN (SELECT m.performance_id, count(*) AS seats FROM m_seat AS s JOIN m_unit AS m USING (u)
               GROUP BY 1) AS n ON n.performance_id = b.performance_id
    WHERE u.performance_id = b.performance_id AND u.run_id = (SELECT run_id FROM m_run);
