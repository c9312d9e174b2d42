-- Row by row: what shall stand (want_*, read anew from the legacy side) against what stands. One
-- grouping counts equal rows of both sides against each other, which is EXCEPT ALL both ways in a
-- single pass; a row that is left over is a mismatch, named by its key.

WITH side AS (
    SELECT id, id AS performance_id, event_id, date, start_time, max_capacity, status,
           created_at, 1 AS side
        FROM want_performance
    UNION ALL
    SELECT id, id AS performance_id, event_id, date, start_time, max_capacity, status,
           created_at, -1
        FROM {schema}.events_eventperformance AS t
        WHERE t.id = ANY (ARRAY(SELECT performance_id FROM m_batch))
), grouped AS (
    SELECT id, performance_id, event_id, date, start_time, max_capacity, status, created_at,
           sum(side) AS side, count(*) AS n
        FROM side
        GROUP BY id, performance_id, event_id, date, start_time, max_capacity, status,
                 created_at
), bad AS (
    INSERT INTO m_mismatch
    SELECT 'rows', coalesce(w.performance_id, t.performance_id), 'performance',
           coalesce(w.id, t.id)::text, to_jsonb(w) - 'side' - 'n', to_jsonb(t) - 'side' - 'n'
        FROM (SELECT * FROM grouped WHERE side > 0) AS w
        FULL JOIN (SELECT * FROM grouped WHERE side < 0) AS t ON t.id = w.id
        LIMIT 1000
)
INSERT INTO m_compared SELECT 'performance', coalesce(sum(n - side), 0) / 2 FROM grouped;

WITH side AS (
    SELECT id, performance_id, name, total_capacity, base_price, currency, position, created_at, 1 AS side
        FROM want_section
    UNION ALL
    SELECT id, performance_id, name, total_capacity, base_price, currency, position, created_at, -1
        FROM {schema}.events_eventsection AS t
        WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
), grouped AS (
    SELECT id, performance_id, name, total_capacity, base_price, currency, position, created_at,
           sum(side) AS side, count(*) AS n
        FROM side
        GROUP BY id, performance_id, name, total_capacity, base_price, currency, position,
                 created_at
), bad AS (
    INSERT INTO m_mismatch
    SELECT 'rows', coalesce(w.performance_id, t.performance_id), 'section',
           coalesce(w.id, t.id)::text, to_jsonb(w) - 'side' - 'n', to_jsonb(t) - 'side' - 'n'
        FROM (SELECT * FROM grouped WHERE side > 0) AS w
        FULL JOIN (SELECT * FROM grouped WHERE side < 0) AS t ON t.id = w.id
        LIMIT 1000
)
INSERT INTO m_compared SELECT 'section', coalesce(sum(n - side), 0) / 2 FROM grouped;

WITH side AS (
    SELECT id, performance_id, section_id, ticket_type_id, allocated_capacity,
           available_capacity, unseated_available, reserved_capacity, sold_capacity,
           price_modifier, created_at, 1 AS side
        FROM want_allocation
    UNION ALL
    SELECT id, performance_id, section_id, ticket_type_id, allocated_capacity,
           available_capacity, unseated_available, reserved_capacity, sold_capacity,
           price_modifier, created_at, -1
        FROM {schema}.events_sectiontickettype AS t
        WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
), grouped AS (
    SELECT id, performance_id, section_id, ticket_type_id, allocated_capacity,
           available_capacity, unseated_available, reserved_capacity, sold_capacity,
           price_modifier, created_at,
           sum(side) AS side, count(*) AS n
        FROM side
        GROUP BY id, performance_id, section_id, ticket_type_id, allocated_capacity,
                 available_capacity, unseated_available, reserved_capacity, sold_capacity,
                 price_modifier, created_at
), bad AS (
    INSERT INTO m_mismatch
    SELECT 'rows', coalesce(w.performance_id, t.performance_id), 'allocation',
           coalesce(w.id, t.id)::text, to_jsonb(w) - 'side' - 'n', to_jsonb(t) - 'side' - 'n'
        FROM (SELECT * FROM grouped WHERE side > 0) AS w
        FULL JOIN (SELECT * FROM grouped WHERE side < 0) AS t ON t.id = w.id
        LIMIT 1000
)
INSERT INTO m_compared SELECT 'allocation', coalesce(sum(n - side), 0) / 2 FROM grouped;

WITH side AS (
    SELECT id, performance_id, section_id, spelling, 1 AS side
        FROM want_section_alias
    UNION ALL
    SELECT id, performance_id, section_id, spelling, -1
        FROM {schema}.events_sectionalias AS t
        WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
), grouped AS (
    SELECT id, performance_id, section_id, spelling,
           sum(side) AS side, count(*) AS n
        FROM side
        GROUP BY id, performance_id, section_id, spelling
), bad AS (
    INSERT INTO m_mismatch
    SELECT 'rows', coalesce(w.performance_id, t.performance_id), 'section_alias',
           coalesce(w.id, t.id)::text, to_jsonb(w) - 'side' - 'n', to_jsonb(t) - 'side' - 'n'
        FROM (SELECT * FROM grouped WHERE side > 0) AS w
        FULL JOIN (SELECT * FROM grouped WHERE side < 0) AS t ON t.id = w.id
        LIMIT 1000
)
INSERT INTO m_compared SELECT 'section_alias', coalesce(sum(n - side), 0) / 2 FROM grouped;

WITH side AS (
    SELECT id, performance_id, section_id, allocation_id, row_number, seat_number, status,
           price, is_accessible, is_premium, row_rank, seat_rank, 1 AS side
        FROM want_seat
    UNION ALL
    SELECT id, performance_id, section_id, allocation_id, row_number, seat_number, status,
           price, is_accessible, is_premium, row_rank, seat_rank, -1
        FROM {schema}.events_seat AS t
        WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
), grouped AS (
    SELECT id, performance_id, section_id, allocation_id, row_number, seat_number, status,
           price, is_accessible, is_premium, row_rank, seat_rank,
           sum(side) AS side, count(*) AS n
        FROM side
        GROUP BY id, performance_id, section_id, allocation_id, row_number, seat_number, status,
                 price, is_accessible, is_premium, row_rank, seat_rank
), bad AS (
    INSERT INTO m_mismatch
    SELECT 'rows', coalesce(w.performance_id, t.performance_id), 'seat',
           coalesce(w.id, t.id)::text, to_jsonb(w) - 'side' - 'n', to_jsonb(t) - 'side' - 'n'
        FROM (SELECT * FROM grouped WHERE side > 0) AS w
        FULL JOIN (SELECT * FROM grouped WHERE side < 0) AS t ON t.id = w.id
        LIMIT 1000
)
INSERT INTO m_compared SELECT 'seat', coalesce(sum(n - side), 0) / 2 FROM grouped;

WITH side AS (
    SELECT legacy_seat_id AS id, performance_id, seat_id, 1 AS side
        FROM want_seat_alias
    UNION ALL
    SELECT legacy_seat_id AS id, performance_id, seat_id, -1
        FROM {schema}.capacity_migration_seatalias AS t
        WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
), grouped AS (
    SELECT id, performance_id, seat_id,
           sum(side) AS side, count(*) AS n
        FROM side
        GROUP BY id, performance_id, seat_id
), bad AS (
    INSERT INTO m_mismatch
    SELECT 'rows', coalesce(w.performance_id, t.performance_id), 'seat_alias',
           coalesce(w.id, t.id)::text, to_jsonb(w) - 'side' - 'n', to_jsonb(t) - 'side' - 'n'
        FROM (SELECT * FROM grouped WHERE side > 0) AS w
        FULL JOIN (SELECT * FROM grouped WHERE side < 0) AS t ON t.id = w.id
        LIMIT 1000
)
INSERT INTO m_compared SELECT 'seat_alias', coalesce(sum(n - side), 0) / 2 FROM grouped;

WITH side AS (
    SELECT id, performance_id, reference, kind, status, customer, reason, created_at, 1 AS side
        FROM want_reservation
    UNION ALL
    SELECT id, performance_id, reference, kind, status, customer, reason, created_at, -1
        FROM {schema}.events_reservation AS t
        WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
), grouped AS (
    SELECT id, performance_id, reference, kind, status, customer, reason, created_at,
           sum(side) AS side, count(*) AS n
        FROM side
        GROUP BY id, performance_id, reference, kind, status, customer, reason, created_at
), bad AS (
    INSERT INTO m_mismatch
    SELECT 'rows', coalesce(w.performance_id, t.performance_id), 'reservation',
           coalesce(w.id, t.id)::text, to_jsonb(w) - 'side' - 'n', to_jsonb(t) - 'side' - 'n'
        FROM (SELECT * FROM grouped WHERE side > 0) AS w
        FULL JOIN (SELECT * FROM grouped WHERE side < 0) AS t ON t.id = w.id
        LIMIT 1000
)
INSERT INTO m_compared SELECT 'reservation', coalesce(sum(n - side), 0) / 2 FROM grouped;

WITH side AS (
    SELECT id, performance_id, reservation_id, allocation_id, ticket_type_id, seat_id, quantity,
           unit_price, status, overbooked, 1 AS side
        FROM want_line
    UNION ALL
    SELECT id, performance_id, reservation_id, allocation_id, ticket_type_id, seat_id, quantity,
           unit_price, status, overbooked, -1
        FROM {schema}.events_reservationline AS t
        WHERE t.allocation_id = ANY (ARRAY(
            SELECT a.id FROM {schema}.events_sectiontickettype AS a
            WHERE a.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))))
), grouped AS (
    SELECT id, performance_id, reservation_id, allocation_id, ticket_type_id, seat_id, quantity,
           unit_price, status, overbooked,
           sum(side) AS side, count(*) AS n
        FROM side
        GROUP BY id, performance_id, reservation_id, allocation_id, ticket_type_id, seat_id,
                 quantity, unit_price, status, overbooked
), bad AS (
    INSERT INTO m_mismatch
    SELECT 'rows', coalesce(w.performance_id, t.performance_id), 'line',
           coalesce(w.id, t.id)::text, to_jsonb(w) - 'side' - 'n', to_jsonb(t) - 'side' - 'n'
        FROM (SELECT * FROM grouped WHERE side > 0) AS w
        FULL JOIN (SELECT * FROM grouped WHERE side < 0) AS t ON t.id = w.id
        LIMIT 1000
)
INSERT INTO m_compared SELECT 'line', coalesce(sum(n - side), 0) / 2 FROM grouped;

WITH side AS (
    SELECT id, performance_id, allocation_id, seat_id, reservation_id, from_state, to_state,
           quantity, at, migration_run_id, 1 AS side
        FROM want_movement
    UNION ALL
    SELECT id, performance_id, allocation_id, seat_id, reservation_id, from_state, to_state,
           quantity, at, migration_run_id, -1
        FROM {schema}.events_movement AS t
        WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
), grouped AS (
    SELECT id, performance_id, allocation_id, seat_id, reservation_id, from_state, to_state,
           quantity, at, migration_run_id,
           sum(side) AS side, count(*) AS n
        FROM side
        GROUP BY id, performance_id, allocation_id, seat_id, reservation_id, from_state,
                 to_state, quantity, at, migration_run_id
), bad AS (
    INSERT INTO m_mismatch
    SELECT 'rows', coalesce(w.performance_id, t.performance_id), 'movement',
           coalesce(w.id, t.id)::text, to_jsonb(w) - 'side' - 'n', to_jsonb(t) - 'side' - 'n'
        FROM (SELECT * FROM grouped WHERE side > 0) AS w
        FULL JOIN (SELECT * FROM grouped WHERE side < 0) AS t ON t.id = w.id
        LIMIT 1000
)
INSERT INTO m_compared SELECT 'movement', coalesce(sum(n - side), 0) / 2 FROM grouped;
