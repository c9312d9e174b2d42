-- Bookings: what does not count, names what is not there, or disagrees with the seats or itself.
INSERT INTO m_anomaly
SELECT m.performance_id, k.kind, coalesce(left(b.status, 100), 'null'),
       to_jsonb((array_agg(b.id ORDER BY b.id))[1:100]), count(*),
       jsonb_build_object('status', b.status, 'participants', sum(b.participants))
    FROM m_booking AS b JOIN m_unit AS m USING (u)
    CROSS JOIN LATERAL (SELECT CASE
        WHEN NOT b.is_active THEN 'booking_soft_deleted'
        WHEN b.status = 'cancelled' THEN 'booking_cancelled'
        ELSE 'booking_status_unknown' END AS kind
    ) AS k
    WHERE b.counts IS NULL
    GROUP BY m.performance_id, k.kind, b.status;

INSERT INTO m_anomaly
SELECT m.performance_id, CASE WHEN s.id IS NULL THEN 'booking_seat_missing'
           ELSE 'booking_seat_foreign' END, '',
       to_jsonb((array_agg(l.booking_id ORDER BY l.booking_id, l.n))[1:100]), count(*),
       jsonb_build_object('seats',
           to_jsonb((array_agg(l.seat_id ORDER BY l.booking_id, l.n))[1:100]))
    FROM m_lost AS l JOIN m_unit AS m USING (u)
    LEFT JOIN src_seat AS s ON s.id = l.seat_id AND s.id = ANY (ARRAY(SELECT seat_id FROM m_lost))
    GROUP BY m.performance_id, s.id IS NULL;

INSERT INTO m_anomaly
SELECT m.performance_id, k.kind, '',
       to_jsonb((array_agg(c.booking_id ORDER BY c.booking_id))[1:100]), count(*),
       jsonb_build_object('asked', sum(c.asked), 'named', sum(c.claimed + c.lost),
           'participants', sum(b.participants), 'without_seat', sum(c.rest))
    FROM m_count AS c JOIN m_unit AS m USING (u) JOIN m_booking AS b ON b.id = c.booking_id
    CROSS JOIN LATERAL (
        SELECT 'booking_empty' AS kind WHERE c.asked = 0 AND c.claimed + c.lost = 0
        UNION ALL SELECT 'booking_without_seats' WHERE c.rest > 0 AND c.claimed + c.lost = 0
        UNION ALL SELECT 'booking_count_mismatch'
            WHERE c.claimed + c.lost > 0 AND c.asked <> c.claimed + c.lost
               OR b.participants IS DISTINCT FROM c.asked
        UNION ALL SELECT 'booking_breakdown_unreadable'
            WHERE c.told IS DISTINCT FROM 'breakdown' AND b.breakdown NOT IN ('[]', '{}')
        UNION ALL SELECT 'booking_seats_unreadable'
            WHERE jsonb_typeof(b.seats) <> 'array'
               OR b.seats IS NULL AND b.raw_seats IS NOT NULL
    ) AS k
    GROUP BY m.performance_id, k.kind;

INSERT INTO m_anomaly
SELECT m.performance_id, 'booking_label_unresolved', '',
       to_jsonb((array_agg(e.booking_id ORDER BY e.booking_id, e.n))[1:100]), count(*),
       jsonb_build_object('labels', to_jsonb(
           (array_agg(left(e.label, 100) ORDER BY e.booking_id, e.n))[1:100]))
    FROM m_entry AS e JOIN m_unit AS m USING (u)
    LEFT JOIN m_claim AS c ON c.booking_id = e.booking_id AND c.n = e.n
    WHERE e.seat_id IS NULL AND c.n IS NULL
    GROUP BY m.performance_id;

INSERT INTO m_anomaly
SELECT m.performance_id, k.kind, '', to_jsonb((array_agg(s.id ORDER BY s.id))[1:100]), count(*),
       jsonb_build_object('seats', count(*), 'statuses', to_jsonb(array_agg(DISTINCT s.status)))
    FROM m_seat AS s JOIN m_unit AS m USING (u)
    LEFT JOIN (SELECT seat_id, bool_or(counts = 'sold') AS sold FROM m_claim GROUP BY seat_id) AS c
        ON c.seat_id = s.id
    CROSS JOIN LATERAL (SELECT CASE
        WHEN c.sold AND s.status IS DISTINCT FROM 'sold' THEN 'booked_but_not_sold'
        WHEN s.status = 'sold' AND c.sold IS NOT TRUE THEN 'sold_without_booking'
        WHEN s.status = 'reserved' AND c.seat_id IS NULL THEN 'hold_without_booking'
        END AS kind) AS k
    WHERE k.kind IS NOT NULL
    GROUP BY m.performance_id, k.kind;

INSERT INTO m_anomaly
SELECT m.performance_id, 'booking_amount_differs', '',
       to_jsonb((array_agg(b.id ORDER BY b.id))[1:100]), count(*),
       jsonb_build_object('totals', sum(x.total), 'prices', sum(x.kept))
    FROM m_share AS x
    JOIN m_booking AS b ON b.id = x.booking_id
    JOIN m_unit AS m USING (u)
    GROUP BY m.performance_id;

INSERT INTO m_anomaly
SELECT m.performance_id, 'booking_reference_repeated', left(b.reference, 200),
       to_jsonb((array_agg(b.id ORDER BY b.id))[1:100]), count(*), '{}'
    FROM m_booking AS b JOIN m_unit AS m USING (u)
    WHERE b.counts IS NOT NULL
    GROUP BY m.performance_id, b.reference
    HAVING count(*) > 1 OR b.reference = '';
