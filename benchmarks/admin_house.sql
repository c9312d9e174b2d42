-- A house of :seats seats for admin.py: 20 evenings of 20 sections; of each hundred seats 40 are sold
-- and 10 held. Every taken seat has its line, every two lines a reservation, every move its movement;
-- beside them what fills up over the years: answers, notes, notices, deliveries, the waiting list, and
-- what a takeover keeps (its run is there already).
SELECT set_config('fullhouse.engine', 'on', true);
INSERT INTO events_venue (id, name, total_capacity, time_zone)
    SELECT uuid7(), 'Venue ' || n, 1000000, 'UTC' FROM generate_series(1, 20) AS n;
INSERT INTO events_event (id, venue_id, title, slug)
    SELECT uuid7(), (SELECT id FROM events_venue ORDER BY id LIMIT 1 OFFSET n % 20),
        'Concert ' || n, 'concert-' || n FROM generate_series(1, 200) AS n;
INSERT INTO events_tickettype (id, event_id, name, price_modifier, places_per_ticket)
    SELECT uuid7(), e.id, k, 1, 1 FROM events_event AS e, unnest(ARRAY['Adult', 'Child']) AS k;
INSERT INTO events_eventperformance (id, event_id, date, start_time, max_capacity)
    SELECT uuid7(), (SELECT id FROM events_event WHERE slug = 'concert-' || n),
        date '2027-01-01' + n, '20:00', :seats / 20
    FROM generate_series(1, 20) AS n;
INSERT INTO events_eventsection (id, performance_id, name, total_capacity, base_price, position)
    SELECT uuid7(), p.id, 'Block ' || n, :seats / 20 / 20, 20, n
    FROM events_eventperformance AS p, generate_series(1, 20) AS n;
INSERT INTO events_sectionalias (id, performance_id, section_id, spelling)
    SELECT uuid7(), performance_id, id, 'old ' || name FROM events_eventsection;
INSERT INTO events_sectiontickettype (id, performance_id, section_id, ticket_type_id,
        allocated_capacity, available_capacity, unseated_available, reserved_capacity, sold_capacity)
    SELECT uuid7(), c.performance_id, c.id,
        (SELECT id FROM events_tickettype AS t WHERE t.event_id = p.event_id AND name = 'Adult'),
        c.total_capacity, c.total_capacity / 2, 0, c.total_capacity / 10, c.total_capacity * 4 / 10
    FROM events_eventsection AS c JOIN events_eventperformance AS p ON p.id = c.performance_id;
CREATE TEMP TABLE made ON COMMIT DROP AS
    SELECT uuid7() AS id, a.performance_id, a.section_id, a.id AS allocation_id, n,
        CASE WHEN n % 10 IN (0, 1, 2, 3) THEN 'sold' WHEN n % 20 IN (4, 5) THEN 'reserved'
             ELSE 'available' END AS status
    FROM events_sectiontickettype AS a, generate_series(0, a.allocated_capacity - 1) AS n;
INSERT INTO events_seat (id, performance_id, section_id, allocation_id, row_number, seat_number,
        row_rank, seat_rank, status, is_accessible)
    SELECT id, performance_id, section_id, allocation_id, 'R' || n / 50, (n % 50 + 1)::text,
        n / 50, n % 50, status, n % 500 = 499 FROM made ORDER BY 2, 3, 7, 8;
CREATE TEMP TABLE sold ON COMMIT DROP AS
    SELECT uuid7() AS id, performance_id, section_id, n / 2 AS pair, status
    FROM made WHERE status <> 'available' AND n % 2 = 0;
INSERT INTO events_reservation (id, performance_id, reference, status, customer)
    SELECT id, performance_id, 'FH-' || row_number() OVER (ORDER BY id), status, '' FROM sold;
INSERT INTO events_reservationline (id, performance_id, reservation_id, allocation_id,
        ticket_type_id, seat_id, quantity, unit_price, status)
    SELECT uuid7(), m.performance_id, r.id, m.allocation_id, a.ticket_type_id, m.id, 1, 20, m.status
    FROM made AS m JOIN sold AS r USING (section_id)
    JOIN events_sectiontickettype AS a ON a.id = m.allocation_id
    WHERE r.pair = m.n / 2;
INSERT INTO events_movement (id, performance_id, allocation_id, quantity, to_state, operation)
    SELECT uuid7(), performance_id, id, allocated_capacity, 'available', 'open_performance'
    FROM events_sectiontickettype;
INSERT INTO events_movement (id, performance_id, allocation_id, seat_id, reservation_id, quantity,
        from_state, to_state, operation, actor)
    SELECT uuid7(), l.performance_id, l.allocation_id, l.seat_id, l.reservation_id, 1,
        'available', 'reserved', 'reserve', 'till' FROM events_reservationline AS l;
INSERT INTO events_movement (id, performance_id, allocation_id, seat_id, reservation_id, quantity,
        from_state, to_state, operation, actor)
    SELECT uuid7(), l.performance_id, l.allocation_id, l.seat_id, l.reservation_id, 1,
        'reserved', 'sold', 'confirm', 'till' FROM events_reservationline AS l
    WHERE l.status = 'sold';
INSERT INTO events_operation (id, performance_id, key, operation, digest, outcome)
    SELECT uuid7(), performance_id, reference, 'reserve', ''::bytea, '{}'
    FROM events_reservation;
INSERT INTO events_note (id, performance_id, reservation_id, operation, actor, reason)
    SELECT uuid7(), performance_id, id, 'extend', 'till', 'asked for it'
    FROM events_reservation WHERE status = 'sold';
INSERT INTO events_notice (id, performance_id, kind)
    SELECT uuid7(), performance_id, 'seat.changed' FROM events_reservation;
INSERT INTO events_waitingentry (id, performance_id, section_id, quantity)
    SELECT uuid7(), performance_id, section_id, 2 FROM sold WHERE status = 'reserved';
INSERT INTO announce_webhookendpoint (id, url, event_types, enabled, disabled_because, salt)
    SELECT uuid7(), 'https://shop' || n || '.example', '{}', true, '', gen_random_uuid()
    FROM generate_series(1, 3) AS n;
INSERT INTO announce_webhookdelivery (endpoint_id, message_id, kind, lane, body, status,
        attempts, last_answer, ended_at)
    SELECT e.id, 'msg_' || r.id, 'reservation.confirmed', r.performance_id, repeat('x', 800),
        'delivered', 1, '200', now()
    FROM events_reservation AS r,
        (SELECT id FROM announce_webhookendpoint ORDER BY id LIMIT 1) AS e;
INSERT INTO announce_level (performance_id, level)
    SELECT id, 'open' FROM events_eventperformance;
INSERT INTO capacity_migration_runevent (run_id, phase, from_state, to_state, actor, detail, sha)
    SELECT r.id, 'backfill', 'planned', 'backfilling', 'me', '{}', repeat('a', 64)
    FROM capacity_migration_migrationrun AS r, generate_series(1, 1000) AS n;
INSERT INTO capacity_migration_anomaly (run_id, kind, subject, rows, count, evidence, proposal,
        policy, decision, decided_by)
    SELECT r.id, 'double_sale', 'seat ' || n, '[]', 1, '{}', 'keep', 'ask', '', ''
    FROM capacity_migration_migrationrun AS r, generate_series(1, 100000) AS n;
INSERT INTO capacity_migration_migrationunit (run_id, performance_id, seats, error)
    SELECT r.id, p.id, 1, ''
    FROM capacity_migration_migrationrun AS r, events_eventperformance AS p;
INSERT INTO capacity_migration_keptrow (run_id, kind, row_id, before)
    SELECT r.id, 'seat', m.id, '{"status": "sold"}'
    FROM capacity_migration_migrationrun AS r, sold AS m;
INSERT INTO capacity_migration_seatalias (run_id, performance_id, legacy_seat_id, seat_id)
    SELECT r.id, m.performance_id, m.id, m.id
    FROM capacity_migration_migrationrun AS r, sold AS m;
INSERT INTO capacity_migration_archivedrow (run_id, performance_id, kind, row_id, content)
    SELECT r.id, m.performance_id, 'movement', m.id, '{"quantity": 1}'
    FROM capacity_migration_migrationrun AS r, sold AS m;
INSERT INTO capacity_migration_maderow (run_id, kind, row_id, detail)
    SELECT r.id, 'performance', p.id, '{}'
    FROM capacity_migration_migrationrun AS r, events_eventperformance AS p;
INSERT INTO capacity_migration_outbox (run_id, direction, performance_id)
    SELECT r.id, 'reverse', m.performance_id
    FROM capacity_migration_migrationrun AS r, sold AS m;
