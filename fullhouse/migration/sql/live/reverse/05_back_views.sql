-- What the statements of a source's [reverse] read: the batch's rows by the keys of the legacy side, as
-- text. Documented in docs/reference/source.md: a name here is a promise.
CREATE TEMP VIEW back_performance AS
SELECT o.legacy_key AS key, b.current_capacity, b.max_capacity, b.is_available, u.is_resized
    FROM b_performance AS b
    JOIN b_unit AS u ON u.id = b.id
    JOIN v_own_performance AS o ON o.id = b.id;

-- Of a performance that was resized: its places by ticket type.
CREATE TEMP VIEW back_place AS
SELECT o.legacy_key AS performance, y.legacy_key AS ticket_type,
       sum(a.allocated_capacity)::bigint AS places
    FROM b_unit AS u
    JOIN v_own_performance AS o ON o.id = u.id
    JOIN {schema}.events_sectiontickettype AS a ON a.performance_id = u.id
    JOIN v_own_ticket_type AS y ON y.id = a.ticket_type_id
    WHERE u.is_resized
    GROUP BY o.legacy_key, y.legacy_key;

CREATE TEMP VIEW v_back_key AS
SELECT k.kind, k.row_id AS id, k.legacy_key FROM {schema}.capacity_migration_keptrow AS k
    WHERE k.run_id = (SELECT run_id FROM m_run) AND k.legacy_key <> ''
UNION ALL
SELECT 'booking', o.id, o.legacy_key FROM v_own_booking AS o
    WHERE o.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND o.id NOT IN (SELECT k.row_id FROM {schema}.capacity_migration_keptrow AS k
                       WHERE k.run_id = (SELECT run_id FROM m_run) AND k.legacy_key <> '')
UNION ALL
SELECT 'seat', o.id, o.legacy_key FROM v_own_seat AS o
    WHERE o.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND o.id NOT IN (SELECT k.row_id FROM {schema}.capacity_migration_keptrow AS k
                       WHERE k.run_id = (SELECT run_id FROM m_run) AND k.legacy_key <> '');

-- A booking whose state differs, or that is new. `is_whole`: all of it is written, not `status` only.
CREATE TEMP VIEW back_booking AS
SELECT k.legacy_key AS key, p.legacy_key AS performance, b.customer, b.reference, b.participants,
       b.unit_price, b.total_price, b.currency, b.status, b.created_at, b.is_new, b.is_whole
    FROM b_booking AS b
    JOIN v_back_key AS k ON k.kind = 'booking' AND k.id = b.id
    JOIN v_own_performance AS p ON p.id = b.performance_id;

-- The places of those that are written whole, by ticket type and price of a place.
CREATE TEMP VIEW back_booking_line AS
SELECT k.legacy_key AS booking, p.legacy_key AS performance, t.n AS line,
       y.legacy_key AS ticket_type, (t.line ->> 'quantity')::bigint AS places,
       (t.line ->> 'price')::numeric AS unit_price
    FROM b_booking AS b
    CROSS JOIN LATERAL jsonb_array_elements(b.breakdown) WITH ORDINALITY AS t (line, n)
    JOIN v_back_key AS k ON k.kind = 'booking' AND k.id = b.id
    JOIN v_own_performance AS p ON p.id = b.performance_id
    LEFT JOIN v_own_ticket_type AS y ON y.id = (t.line ->> 'ticket_type_id')::uuid
    WHERE b.is_whole;

CREATE TEMP VIEW back_booking_seat AS
SELECT k.legacy_key AS booking, s.legacy_key AS seat, t.n AS line,
       (t.line ->> 'price')::numeric AS price
    FROM b_booking AS b
    CROSS JOIN LATERAL jsonb_array_elements(b.seats) WITH ORDINALITY AS t (line, n)
    JOIN v_back_key AS k ON k.kind = 'booking' AND k.id = b.id
    JOIN v_back_key AS s ON s.kind = 'seat' AND s.id = (t.line ->> 'seat_id')::uuid
    WHERE b.is_whole;

-- A seat whose state differs (only `key`, `status` and `is_active`), or that is new.
CREATE TEMP VIEW back_seat AS
SELECT k.legacy_key AS key, b.status, b.is_active, false AS is_new, NULL::text AS performance,
       NULL::text AS ticket_type, NULL::text AS section, NULL::text AS row_number,
       NULL::text AS seat_number, NULL::numeric AS price, NULL::text AS currency
    FROM b_row AS b JOIN v_back_key AS k ON k.kind = 'seat' AND k.id = b.id
UNION ALL
SELECT k.legacy_key, b.status, b.is_active, true, p.legacy_key, y.legacy_key, b.section,
       b.row_number, b.seat_number, b.price, b.currency
    FROM b_added AS b
    JOIN v_back_key AS k ON k.kind = 'seat' AND k.id = b.id
    JOIN v_own_performance AS p ON p.id = b.performance_id
    LEFT JOIN v_own_ticket_type AS y ON y.id = b.ticket_type_id;
