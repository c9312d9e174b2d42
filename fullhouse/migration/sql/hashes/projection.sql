-- One line a table: its name and the digest of every row that the run made, in the order of their
-- keys. The run's own number is left out, so that another run of the same data gives the same.
WITH unit AS MATERIALIZED (
    SELECT row_id AS performance_id FROM {schema}.capacity_migration_maderow
        WHERE run_id = %(run)s AND kind = 'performance'
), made AS MATERIALIZED (
    SELECT kind, row_id FROM {schema}.capacity_migration_maderow WHERE run_id = %(run)s
), row (tbl, unit, id, digest) AS (
    SELECT 'venue', t.id, t.id, md5(ROW(t.id, t.name, t.city, t.country, t.total_capacity)::text)
        FROM {schema}.events_venue AS t JOIN made AS m ON m.kind = 'venue' AND m.row_id = t.id
    UNION ALL
    SELECT 'event', t.id, t.id, md5(ROW(t.id, t.venue_id, t.title, t.slug, t.created_at)::text)
        FROM {schema}.events_event AS t JOIN made AS m ON m.kind = 'event' AND m.row_id = t.id
    UNION ALL
    SELECT 'ticket_type', t.id, t.id, md5(ROW(t.id, t.event_id, t.name, t.code, t.price_modifier,
            t.is_active, t.created_at)::text)
        FROM {schema}.events_tickettype AS t
        JOIN made AS m ON m.kind = 'ticket_type' AND m.row_id = t.id
    UNION ALL
    SELECT 'performance', t.id, t.id, md5(ROW(t.id, t.event_id, t.date, t.start_time, t.max_capacity,
            t.status, t.created_at)::text)
        FROM {schema}.events_eventperformance AS t JOIN unit ON unit.performance_id = t.id
    UNION ALL
    SELECT 'section', t.performance_id, t.id, md5(ROW(t.id, t.name, t.name_key, t.total_capacity,
            t.base_price, t.currency, t.position, t.created_at)::text)
        FROM {schema}.events_eventsection AS t JOIN unit USING (performance_id)
    UNION ALL
    SELECT 'section_alias', t.performance_id, t.id, md5(ROW(t.id, t.section_id, t.spelling)::text)
        FROM {schema}.events_sectionalias AS t JOIN unit USING (performance_id)
    UNION ALL
    SELECT 'allocation', t.performance_id, t.id, md5(ROW(t.id, t.section_id, t.ticket_type_id,
            t.allocated_capacity, t.available_capacity, t.unseated_available, t.reserved_capacity,
            t.sold_capacity, t.price_modifier, t.created_at)::text)
        FROM {schema}.events_sectiontickettype AS t JOIN unit USING (performance_id)
    UNION ALL
    SELECT 'seat', t.performance_id, t.id, md5(ROW(t.id, t.section_id, t.allocation_id, t.row_number,
            t.seat_number, t.status, t.price, t.is_accessible, t.is_premium, t.row_rank,
            t.seat_rank)::text)
        FROM {schema}.events_seat AS t JOIN unit USING (performance_id)
    UNION ALL
    SELECT 'seat_alias', t.performance_id, t.legacy_seat_id,
           md5(ROW(t.legacy_seat_id, t.seat_id)::text)
        FROM {schema}.capacity_migration_seatalias AS t JOIN unit USING (performance_id)
    UNION ALL
    SELECT 'reservation', t.performance_id, t.id, md5(ROW(t.id, t.reference, t.kind, t.status,
            t.expires_at, t.customer, t.reason, t.created_at)::text)
        FROM {schema}.events_reservation AS t JOIN unit USING (performance_id)
    UNION ALL
    SELECT 'line', t.performance_id, t.id, md5(ROW(t.id, t.reservation_id, t.allocation_id,
            t.ticket_type_id, t.seat_id, t.quantity, t.unit_price, t.status, t.overbooked)::text)
        FROM {schema}.events_reservationline AS t JOIN unit USING (performance_id)
    UNION ALL
    SELECT 'movement', t.performance_id, t.id, md5(ROW(t.id, t.allocation_id, t.seat_id,
            t.reservation_id, t.from_state, t.to_state, t.quantity, t.operation, t.at)::text)
        FROM {schema}.events_movement AS t JOIN unit USING (performance_id)
), digested AS (
    SELECT tbl, unit, md5(string_agg(digest, '' ORDER BY id)) AS digest FROM row GROUP BY tbl, unit
)
SELECT tbl, encode(sha256(convert_to(string_agg(digest, '' ORDER BY unit), 'UTF8')), 'hex')
    FROM digested GROUP BY tbl ORDER BY tbl;
