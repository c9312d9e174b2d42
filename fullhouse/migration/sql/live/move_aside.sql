-- Two rows of a unit may have exchanged what only one may have. A seat with another label is made
-- anew (its lines point at its id, which stays); a performance at another time steps aside first.
DELETE FROM {schema}.events_seat AS t
    USING want_seat AS w, m_kept AS k
    WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch))
      AND k.kind = 'changed_seat' AND k.id = t.id AND w.id = t.id
      AND (t.section_id, t.row_number, t.seat_number)
          IS DISTINCT FROM (w.section_id, w.row_number, w.seat_number);
DELETE FROM m_kept AS k
    WHERE k.kind = 'changed_seat' AND k.id NOT IN (
        SELECT t.id FROM {schema}.events_seat AS t
        WHERE t.performance_id = ANY (ARRAY(SELECT performance_id FROM m_batch)));

UPDATE {schema}.events_eventperformance AS t
    SET date = DATE '4000-01-01' + x.n::integer
    FROM (
        SELECT w.id, row_number() OVER (ORDER BY w.id) AS n
            FROM want_performance AS w JOIN {schema}.events_eventperformance AS p ON p.id = w.id
            WHERE (p.event_id, p.date, p.start_time) <> (w.event_id, w.date, w.start_time)
    ) AS x WHERE t.id = x.id;
