-- plan_orphans_v1: what a change of plan would orphan, or null. Called under its locks.
-- Outcome: would_orphan {count: held or sold seats that would vanish; the first 100 of them: seat_ids,
-- seats (labels), references; places: sections with fewer free places without a number than would be
-- taken away [{section, wanted, left}], and their names: sections}.
CREATE FUNCTION {schema}.plan_orphans_v1(
    p_performance uuid, p_removed uuid[], p_unseated jsonb
) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH taken AS MATERIALIZED (
        SELECT s.id, c.name, s.row_number, s.seat_number, r.reference
        FROM {schema}.events_seat AS s
        JOIN {schema}.events_eventsection AS c
            ON c.performance_id = p_performance AND c.id = s.section_id
        LEFT JOIN {schema}.events_reservationline AS l
            ON l.performance_id = p_performance AND l.seat_id = s.id
           AND l.status IN ('reserved', 'sold')
        LEFT JOIN {schema}.events_reservation AS r
            ON r.performance_id = p_performance AND r.id = l.reservation_id
        WHERE s.performance_id = p_performance AND s.id = ANY (p_removed)
          AND s.status <> 'available'
    ), shown AS MATERIALIZED (
        SELECT * FROM taken ORDER BY name, row_number, seat_number LIMIT 100
    ), short AS MATERIALIZED (
        SELECT u.section, -u.change AS wanted, f.unseated
        FROM jsonb_to_recordset(p_unseated) AS u (section_id uuid, section text, change integer)
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(a.unseated_available), 0) AS unseated
            FROM {schema}.events_sectiontickettype AS a
            WHERE a.performance_id = p_performance AND a.section_id = u.section_id) AS f
        WHERE u.change < 0 AND f.unseated < -u.change
    )
    SELECT jsonb_build_object('outcome', 'would_orphan',
        'count', (SELECT count(*) FROM taken),
        'seat_ids', (SELECT coalesce(jsonb_agg(t.id), '[]') FROM shown AS t),
        'seats', (SELECT coalesce(jsonb_agg(t.name || ' ' || t.row_number || '-' || t.seat_number),
                                  '[]') FROM shown AS t),
        'references', (SELECT coalesce(jsonb_agg(DISTINCT t.reference), '[]') FROM shown AS t),
        'sections', (SELECT coalesce(jsonb_agg(s.section), '[]') FROM short AS s),
        'places', (SELECT coalesce(jsonb_agg(jsonb_build_object('section', s.section,
                       'wanted', s.wanted, 'left', s.unseated)), '[]') FROM short AS s))
    WHERE EXISTS (SELECT FROM taken) OR EXISTS (SELECT FROM short)
$$;
