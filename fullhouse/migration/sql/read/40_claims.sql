-- What counted bookings name: an object with `seat_id`, a bare id, or a label section-row-number
-- (also as an object without a usable id). What names no seat of its own performance by an id is
-- lost; what is no id and no resolvable label names nothing.
INSERT INTO m_entry
WITH entry AS MATERIALIZED (
    SELECT b.u, b.id AS booking_id, b.counts, b.created_at, e.n, e.value,
           jsonb_typeof(e.value) AS kind, CASE jsonb_typeof(e.value)
               WHEN 'object' THEN e.value ->> 'seat_id' WHEN 'string' THEN e.value #>> '{}' END AS told
        FROM m_booking AS b
        CROSS JOIN LATERAL jsonb_array_elements(b.seats) WITH ORDINALITY AS e (value, n)
        WHERE b.counts IS NOT NULL AND jsonb_typeof(b.seats) = 'array'
), keyed AS MATERIALIZED (
    SELECT e.*, pg_temp.m_uuid(e.told) AS seat_id FROM entry AS e
)
SELECT k.u, k.booking_id, k.counts, k.n, k.seat_id, s.id IS NOT NULL,
       CASE WHEN k.seat_id IS NOT NULL THEN NULL
            WHEN k.kind = 'string' THEN k.told
            WHEN k.kind = 'object' THEN (k.value ->> 'section') || '-' || (k.value ->> 'row_number')
                || '-' || (k.value ->> 'seat_number') END,
       CASE WHEN k.seat_id IS NULL AND k.kind = 'object' THEN ARRAY[k.value ->> 'section',
           k.value ->> 'row_number', k.value ->> 'seat_number'] END,
       CASE WHEN k.kind = 'object' THEN pg_temp.m_amount(k.value -> 'price') END, k.created_at
    FROM keyed AS k LEFT JOIN m_seat AS s ON s.id = k.seat_id AND s.u = k.u;

-- A label stands for a physical seat; of its legacy rows the one that says sold, then the one
-- spelled like the label, is the one meant.
INSERT INTO m_claim
WITH split AS (
    SELECT e.*, e.parts[1] AS section, e.parts[2] AS row_number, e.parts[3] AS seat_number,
           1 AS at_end, 1 AS in_middle
        FROM m_entry AS e WHERE e.seat_id IS NULL AND e.parts IS NOT NULL
    UNION ALL
    -- Every way to cut a label at two hyphens, the last ones first.
    SELECT e.*, array_to_string(w.words[:i], '-'), array_to_string(w.words[i + 1:j], '-'),
           array_to_string(w.words[j + 1:], '-'), cardinality(w.words) - j, j - i
        FROM m_entry AS e
        CROSS JOIN LATERAL (SELECT string_to_array(left(e.label, 200), '-') AS words) AS w
        CROSS JOIN LATERAL generate_series(1, cardinality(w.words) - 2) AS i
        CROSS JOIN LATERAL generate_series(i + 1, cardinality(w.words) - 1) AS j
        WHERE e.seat_id IS NULL AND e.parts IS NULL AND e.label IS NOT NULL
          AND cardinality(w.words) <= 20
), wanted AS MATERIALIZED (
    SELECT k.*, l.label AS section_label, r.label AS row_label, n.label AS number_label
        FROM split AS k
        JOIN m_label AS l ON l.key = {schema}.name_key(k.section)
        JOIN m_row AS r ON r.key = {schema}.name_key(k.row_number)
        JOIN m_number AS n ON n.key = {schema}.seat_key(k.seat_number)
), hit AS (
    SELECT e.u, e.booking_id, e.counts, e.seat_id, e.price, e.n, e.at
        FROM m_entry AS e WHERE e.is_here
    UNION ALL
    SELECT * FROM (
        SELECT DISTINCT ON (k.booking_id, k.n) k.u, k.booking_id, k.counts, s.id, k.price, k.n, k.at
            FROM wanted AS k
            JOIN m_seat AS s ON s.u = k.u AND s.section = k.section_label
                AND s.row_number = k.row_label AND s.seat_number = k.number_label
            ORDER BY k.booking_id, k.n, k.at_end, k.in_middle, s.status IS DISTINCT FROM 'sold',
                (s.section, s.row_number, s.seat_number)
                    <> (k.section, k.row_number, k.seat_number),
                s.created_at, s.id
    ) AS by_label
)
SELECT DISTINCT ON (h.booking_id, h.seat_id)
       h.u, h.booking_id, h.counts, h.seat_id, h.price, h.n, h.at, h.price IS NULL
    FROM hit AS h
    ORDER BY h.booking_id, h.seat_id, h.n;

INSERT INTO m_lost
SELECT e.u, e.booking_id, e.seat_id, min(e.n)
    FROM m_entry AS e
    WHERE e.seat_id IS NOT NULL AND NOT e.is_here
    GROUP BY e.u, e.booking_id, e.seat_id;
