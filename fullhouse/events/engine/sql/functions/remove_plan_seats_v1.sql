-- remove_plan_seats_v1: takes free seats out of the house: one movement a seat, from available to
-- outside. Lines of the past let go of them; the ledger keeps their ids. Called with seats and
-- allocations locked.
CREATE FUNCTION {schema}.remove_plan_seats_v1(
    p_performance uuid, p_seats uuid[], p_actor text, p_reason text
) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO {schema}.events_movement
            (id, performance_id, allocation_id, seat_id, from_state, quantity, operation, actor,
             reason, at)
        SELECT {schema}.uuid7(), p_performance, s.allocation_id, s.id, 'available', 1,
               'change_plan', p_actor, p_reason, (SELECT clock_timestamp())
        FROM {schema}.events_seat AS s
        WHERE s.performance_id = p_performance AND s.id = ANY (p_seats);
    UPDATE {schema}.events_sectiontickettype AS a
        SET allocated_capacity = a.allocated_capacity - t.seats,
            available_capacity = a.available_capacity - t.seats
        FROM (SELECT s.allocation_id, count(*) AS seats FROM {schema}.events_seat AS s
              WHERE s.performance_id = p_performance AND s.id = ANY (p_seats)
              GROUP BY s.allocation_id) AS t
        WHERE a.performance_id = p_performance AND a.id = t.allocation_id;
    UPDATE {schema}.events_reservationline SET seat_id = NULL
        WHERE performance_id = p_performance AND seat_id = ANY (p_seats);
    DELETE FROM {schema}.events_seat WHERE performance_id = p_performance AND id = ANY (p_seats);
$$;
