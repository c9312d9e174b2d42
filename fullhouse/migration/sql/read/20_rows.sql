-- The batch's legacy seats and bookings as they are, read once each.
INSERT INTO m_seat
SELECT m.u, s.id, coalesce(s.section, ''), coalesce(s.row_number, ''), coalesce(s.seat_number, ''),
       s.status, coalesce(s.is_active, true), s.price, s.currency, s.ticket_type_id,
       coalesce(s.is_accessible, false), coalesce(s.is_premium, false),
       coalesce(s.created_at, m.created_at)
    FROM src_seat AS s
    JOIN m_unit AS m ON m.performance_id = s.performance_id
    WHERE s.performance_id = ANY (ARRAY(SELECT performance_id FROM m_unit));

INSERT INTO m_booking
SELECT m.u, b.id, btrim(coalesce(b.reference, '')), b.status, coalesce(b.is_active, true),
       CASE WHEN NOT coalesce(b.is_active, true) THEN NULL
            WHEN b.status IN ('confirmed', 'completed') THEN 'sold'
            WHEN b.status = 'pending' THEN 'reserved' END,
       greatest(b.participants, 0), pg_temp.m_price(b.unit_price), b.total_price, b.currency,
       CASE WHEN jsonb_typeof(d.seats) IN ('object', 'string') THEN jsonb_build_array(d.seats)
            ELSE d.seats END,
       pg_temp.m_decoded(b.breakdown), b.seats, b.breakdown,
       coalesce(b.customer, ''), coalesce(b.created_at, m.created_at)
    FROM src_booking AS b
    CROSS JOIN LATERAL (SELECT pg_temp.m_decoded(b.seats) AS seats) AS d
    JOIN m_unit AS m ON m.performance_id = b.performance_id
    WHERE b.performance_id = ANY (ARRAY(SELECT performance_id FROM m_unit));

UPDATE m_unit AS m SET seated = EXISTS (SELECT FROM m_seat AS s WHERE s.u = m.u);
