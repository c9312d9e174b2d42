-- record_places_v1: ledger rows of places made (`p_unseated` > 0: from outside to available) or taken
-- away (`p_unseated` < 0, and one row a seat: from available to outside).
CREATE FUNCTION {schema}.record_places_v1(
    p_performance uuid, p_allocation uuid, p_seats uuid[], p_unseated integer, p_operation text,
    p_actor text, p_reason text
) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO {schema}.events_movement
            (id, performance_id, allocation_id, seat_id, from_state, to_state, quantity, operation,
             actor, reason, at)
        SELECT {schema}.uuid7(), p_performance, p_allocation, m.seat_id,
               CASE WHEN m.change < 0 THEN 'available' END,
               CASE WHEN m.change > 0 THEN 'available' END,
               abs(m.change), p_operation, p_actor, p_reason, (SELECT clock_timestamp())
        FROM (SELECT NULL::uuid AS seat_id, p_unseated AS change WHERE p_unseated <> 0
              UNION ALL SELECT s, -1 FROM unnest(p_seats) AS s) AS m
$$;
