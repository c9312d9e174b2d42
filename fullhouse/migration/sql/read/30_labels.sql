-- Every distinct label once, with its key: the costly folding is paid per label, not per seat.
-- Rows and numbers are counted in natural order (A2 before A10), which later gives the ranks.
INSERT INTO m_label
SELECT l.label, l.key, pg_temp.m_clean(l.label), dense_rank() OVER (ORDER BY l.key COLLATE "C")
    FROM (
        SELECT d.label, {schema}.name_key(d.label) AS key FROM (
            SELECT section AS label FROM m_seat
            UNION SELECT name FROM m_type WHERE event_id IN (SELECT event_id FROM m_unit)
            UNION SELECT g.label FROM m_given_label AS g JOIN m_unit AS m USING (performance_id)
            UNION SELECT k.key FROM m_unit AS m
                CROSS JOIN LATERAL jsonb_object_keys(m.capacities) AS k (key)
                WHERE jsonb_typeof(m.capacities) = 'object'
            UNION VALUES ('General admission'), ('Unseated')
        ) AS d
    ) AS l;

INSERT INTO m_row
SELECT l.label, l.key, dense_rank() OVER (
           ORDER BY substring(l.key FROM '^[^0-9]*') COLLATE "C",
                    substring(l.key FROM '[0-9]+')::numeric NULLS FIRST, l.key COLLATE "C")
    FROM (SELECT d.label, {schema}.name_key(d.label) AS key
          FROM (SELECT DISTINCT row_number AS label FROM m_seat) AS d) AS l;

INSERT INTO m_number
SELECT l.label, l.key, dense_rank() OVER (
           ORDER BY substring(l.key FROM '^[^0-9]*') COLLATE "C",
                    substring(l.key FROM '[0-9]+')::numeric NULLS FIRST, l.key COLLATE "C")
    FROM (SELECT d.label, {schema}.seat_key(d.label) AS key
          FROM (SELECT DISTINCT seat_number AS label FROM m_seat) AS d) AS l;

INSERT INTO m_currency
SELECT c.label, CASE WHEN c.code ~ '^[A-Z]{3}$' THEN c.code END
    FROM (SELECT d.label, upper({schema}.name_key(d.label)) AS code
          FROM (SELECT DISTINCT currency AS label FROM m_seat) AS d WHERE d.label IS NOT NULL) AS c;

INSERT INTO m_spelling
SELECT c.u, c.label, l.s, c.seats
    FROM (SELECT u, section AS label, count(*) AS seats FROM m_seat GROUP BY u, section) AS c
    JOIN m_label AS l ON l.label = c.label;

-- Where the operator laid down the sections, legacy sections are read as those. Where several
-- become one, their rows keep their old section's name in front: A-1 and B-1 are two rows.
INSERT INTO m_read_as
SELECT p.u, p.s, p.s_to,
       CASE WHEN count(*) FILTER (WHERE p.clean IS NOT NULL) OVER (PARTITION BY p.u, p.s_to) > 1
           THEN p.clean END
    FROM (
        SELECT DISTINCT ON (m.u, l.s) m.u, l.s, own.s AS s_to,
               (SELECT min(x.clean COLLATE "C") FROM m_spelling AS y JOIN m_label AS x USING (label)
                WHERE y.u = m.u AND y.s = l.s) AS clean
            FROM m_unit AS m
            JOIN m_given_label AS g USING (performance_id)
            JOIN m_label AS l ON l.label = g.label
            JOIN m_given_section AS n
                ON n.performance_id = m.performance_id AND n.position = g.position
            JOIN m_label AS own ON own.label = n.name
            ORDER BY m.u, l.s, g.position
    ) AS p;
