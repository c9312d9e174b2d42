-- end_if_empty_v1: a reservation, which the caller has locked, ends when nothing live remains: a sale
-- is refunded, a hold released. Returns its status now.
CREATE FUNCTION {schema}.end_if_empty_v1(p_performance uuid, p_reservation uuid) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_status text;
BEGIN
    UPDATE {schema}.events_reservation AS r
        SET status = CASE r.status WHEN 'sold' THEN 'refunded' ELSE 'released' END
        WHERE r.performance_id = p_performance AND r.id = p_reservation
          AND r.status IN ('sold', 'reserved') AND NOT EXISTS (
            SELECT FROM {schema}.events_reservationline AS l
            WHERE l.performance_id = p_performance AND l.reservation_id = p_reservation
              AND l.status IN ('reserved', 'sold'));
    SELECT status INTO v_status FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND id = p_reservation;
    RETURN v_status;
END $$;
