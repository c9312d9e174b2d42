-- The independent ledger reads the legacy rows by itself: counted bookings and what they name, each
-- seat row, and beside it the line and the seat that it became.
INSERT INTO v_line
SELECT l.performance_id, l.id, l.reservation_id, l.seat_id, l.status, l.quantity, l.unit_price, r.kind
    FROM {schema}.events_reservationline AS l
    JOIN {schema}.events_reservation AS r ON r.id = l.reservation_id
    WHERE l.status IN ('reserved', 'sold')
      AND r.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch));

INSERT INTO v_seat
SELECT s.performance_id, s.id, coalesce(s.status, ''), s.is_active IS NOT FALSE, s.price,
       coalesce(s.section, ''), coalesce(s.row_number, ''), coalesce(s.seat_number, ''),
       s.created_at, n.id, l.id, l.status, l.reservation_id, l.quantity, l.unit_price, n.status,
       coalesce(n.price, {schema}.final_price(x.base_price, a.price_modifier, x.currency)),
       x.base_price
    FROM src_seat AS s
    LEFT JOIN (SELECT * FROM {schema}.capacity_migration_seatalias
               WHERE performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))) AS w
        ON w.legacy_seat_id = s.id AND w.performance_id = s.performance_id
    LEFT JOIN (SELECT * FROM {schema}.events_seat
               WHERE performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))) AS n
        ON n.id = coalesce(w.seat_id, s.id) AND n.performance_id = s.performance_id
    LEFT JOIN (SELECT * FROM {schema}.events_sectiontickettype
               WHERE performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))) AS a
        ON a.id = n.allocation_id
    LEFT JOIN (SELECT * FROM {schema}.events_eventsection
               WHERE performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))) AS x
        ON x.id = n.section_id
    LEFT JOIN v_line AS l ON l.id = s.id
    WHERE s.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch));

INSERT INTO v_booking
SELECT b.performance_id, b.id, CASE WHEN b.status = 'pending' THEN 'reserved' ELSE 'sold' END,
       pg_temp.m_price(b.unit_price), pg_temp.m_price(b.total_price),
       coalesce(q.places, greatest(b.participants, 0), 0),
       CASE WHEN jsonb_typeof(d.seats) = 'array' THEN d.seats ELSE jsonb_build_array(d.seats) END
    FROM src_booking AS b
    CROSS JOIN LATERAL (SELECT pg_temp.m_decoded(b.seats) AS seats) AS d
    LEFT JOIN LATERAL (
        SELECT sum(pg_temp.m_places(e -> 'quantity')) AS places
            FROM jsonb_path_query(pg_temp.m_decoded(b.breakdown), 'strict $[*]', '{}', true) AS e
            WHERE jsonb_typeof(e) = 'object'
    ) AS q ON true
    WHERE b.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND b.is_active IS NOT FALSE AND b.status IN ('confirmed', 'completed', 'pending');

INSERT INTO v_entry
WITH element AS MATERIALIZED (
    SELECT b.performance_id, b.id, b.counts, e,
           CASE jsonb_typeof(e) WHEN 'object' THEN e ->> 'seat_id' WHEN 'string' THEN e #>> '{}' END
               AS told
        FROM v_booking AS b
        CROSS JOIN LATERAL jsonb_path_query(b.entries, 'strict $[*]', '{}', true) AS e
), read AS MATERIALIZED (
    SELECT x.*, pg_temp.m_uuid(x.told) AS key FROM element AS x
)
SELECT r.performance_id, r.id, r.counts, r.key, CASE WHEN r.key IS NULL THEN CASE jsonb_typeof(r.e)
           WHEN 'string' THEN r.told
           WHEN 'object' THEN (r.e ->> 'section') || '-' || (r.e ->> 'row_number') || '-'
               || (r.e ->> 'seat_number') END END,
       CASE jsonb_typeof(r.e) WHEN 'object' THEN pg_temp.m_amount(r.e -> 'price') END
    FROM read AS r;

-- By id.
INSERT INTO v_named
SELECT DISTINCT ON (e.booking_id, e.id) e.performance_id, e.booking_id, e.counts, s.id,
       CASE WHEN s.id IS NULL THEN e.id END, e.price
    FROM v_entry AS e
    LEFT JOIN v_seat AS s ON s.id = e.id AND s.performance_id = e.performance_id
    WHERE e.id IS NOT NULL
    ORDER BY e.booking_id, e.id;

-- The labels of performances whose bookings may name some, folded once each.
INSERT INTO v_label
SELECT d.kind, d.label, CASE d.kind WHEN 'number' THEN {schema}.seat_key(d.label)
           ELSE {schema}.name_key(d.label) END
    FROM (
        SELECT DISTINCT 'section' AS kind, section AS label FROM v_seat
        UNION ALL SELECT DISTINCT 'row', row_number FROM v_seat
        UNION ALL SELECT DISTINCT 'number', seat_number FROM v_seat
    ) AS d;

-- By label, whole against whole; of several rows of one seat the sold one, then the exact one.
INSERT INTO v_named
WITH label AS MATERIALIZED (
    SELECT e.performance_id, e.booking_id AS id, e.counts, e.label, e.price,
           regexp_replace({schema}.name_key(e.label), '-0+([^-]+)$', '-\1') AS key
        FROM v_entry AS e WHERE e.label IS NOT NULL
), hit AS (
    SELECT DISTINCT ON (l.id, l.label) l.performance_id, l.id, l.counts, s.id AS seat_id, l.price
        FROM label AS l
        JOIN (
            SELECT v.*, x.key || '-' || y.key || '-' || z.key AS key
                FROM v_seat AS v
                JOIN v_label AS x ON x.kind = 'section' AND x.label = v.section
                JOIN v_label AS y ON y.kind = 'row' AND y.label = v.row_number
                JOIN v_label AS z ON z.kind = 'number' AND z.label = v.seat_number
                WHERE v.performance_id IN (SELECT performance_id FROM label)
        ) AS s ON s.performance_id = l.performance_id AND s.key = l.key
        ORDER BY l.id, l.label, s.status <> 'sold',
            s.section || '-' || s.row_number || '-' || s.seat_number <> l.label, s.created_at, s.id
)
SELECT DISTINCT ON (h.id, h.seat_id) h.performance_id, h.id, h.counts, h.seat_id, NULL::uuid,
       h.price
    FROM hit AS h
    WHERE NOT EXISTS (SELECT FROM v_named AS n WHERE n.booking_id = h.id AND n.seat_id = h.seat_id)
    ORDER BY h.id, h.seat_id;
