-- add_plan_seats_v1: makes seats (rows of plan_differences_v1) in sections that are there: in the
-- allocation of their ticket type or the pool, made where it is missing. One movement a seat, from
-- outside to available. Called with sections and allocations locked.
CREATE FUNCTION {schema}.add_plan_seats_v1(
    p_performance uuid, p_added jsonb, p_actor text, p_reason text
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_missing record;
BEGIN
    FOR v_missing IN
        SELECT DISTINCT n.section_id, n.ticket_type_id
        FROM jsonb_to_recordset(p_added) AS n (section_id uuid, ticket_type_id uuid)
        WHERE NOT EXISTS (
            SELECT FROM {schema}.events_sectiontickettype AS a
            WHERE a.performance_id = p_performance AND a.section_id = n.section_id
              AND a.ticket_type_id IS NOT DISTINCT FROM n.ticket_type_id)
    LOOP
        PERFORM {schema}.make_allocation_v1(
            p_performance, v_missing.section_id, v_missing.ticket_type_id);
    END LOOP;
    WITH made AS (
        INSERT INTO {schema}.events_seat
                (id, performance_id, section_id, allocation_id, row_number, seat_number, price,
                 is_accessible, is_companion, is_premium, has_restricted_view, row_rank, seat_rank,
                 x, y)
            SELECT {schema}.uuid7(), p_performance, n.section_id, a.id, n.row_number,
                   n.seat_number, n.price, n.is_accessible, n.is_companion, n.is_premium,
                   n.has_restricted_view, n.row_rank, n.seat_rank, n.x, n.y
            FROM jsonb_to_recordset(p_added) AS n (section_id uuid, ticket_type_id uuid,
                row_number text, seat_number text, price numeric, is_accessible boolean,
                is_companion boolean, is_premium boolean, has_restricted_view boolean,
                row_rank integer, seat_rank integer, x double precision, y double precision)
            JOIN {schema}.events_sectiontickettype AS a
                ON a.performance_id = p_performance AND a.section_id = n.section_id
               AND a.ticket_type_id IS NOT DISTINCT FROM n.ticket_type_id
            RETURNING id, allocation_id
    ), recorded AS (
        INSERT INTO {schema}.events_movement
                (id, performance_id, allocation_id, seat_id, to_state, quantity, operation, actor,
                 reason, at)
            SELECT {schema}.uuid7(), p_performance, m.allocation_id, m.id, 'available', 1,
                   'change_plan', p_actor, p_reason, (SELECT clock_timestamp())
            FROM made AS m
    )
    UPDATE {schema}.events_sectiontickettype AS a
        SET allocated_capacity = a.allocated_capacity + t.seats,
            available_capacity = a.available_capacity + t.seats
        FROM (SELECT m.allocation_id, count(*) AS seats FROM made AS m GROUP BY 1) AS t
        WHERE a.performance_id = p_performance AND a.id = t.allocation_id;
END $$;
