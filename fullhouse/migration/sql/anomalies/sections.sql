-- Sections: one section under several spellings; blank names; labels too long for their column.
INSERT INTO m_anomaly
SELECT m.performance_id, CASE WHEN x.key = '' THEN 'section_name_blank'
           ELSE 'section_spellings_merged' END,
       x.name, jsonb_agg(DISTINCT p.label), sum(p.seats),
       jsonb_build_object('shown', x.name, 'spellings', jsonb_object_agg(p.label, p.seats))
    FROM m_spelling AS p
    JOIN m_unit AS m ON m.u = p.u
    LEFT JOIN m_read_as AS o ON o.u = p.u AND o.s = p.s
    JOIN m_section AS x ON x.u = p.u AND x.s = coalesce(o.s_to, p.s)
    GROUP BY m.performance_id, x.key, x.name
    HAVING x.key = '' OR count(*) > 1;

INSERT INTO m_anomaly
SELECT m.performance_id, 'label_too_long', 'row or seat number',
       to_jsonb((array_agg(s.id ORDER BY s.id))[1:100]), count(*),
       jsonb_build_object('longest', max(greatest(length(s.row_number), length(s.seat_number))))
    FROM m_seat AS s JOIN m_unit AS m USING (u)
    WHERE length(s.row_number) > 20 OR length(s.seat_number) > 20
    GROUP BY m.performance_id;

INSERT INTO m_anomaly
SELECT m.performance_id, 'section_not_given', x.name, '[]', sum(z.seats),
       jsonb_build_object('seats', sum(z.seats))
    FROM m_unit AS m
    JOIN m_size AS z ON z.u = m.u
    JOIN m_section AS x ON x.u = z.u AND x.s = z.s
    WHERE m.given AND NOT EXISTS (SELECT FROM m_read_as AS o WHERE o.u = m.u AND o.s_to = z.s)
    GROUP BY m.performance_id, x.name;
