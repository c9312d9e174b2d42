-- not_together_v1: a refusal of best available, with the numbered seats that are left to the party.
-- `left` counts free seats of the wanted sections and types, kept places and seats of overdue holds too.
-- Outcomes: sold_out {wanted, left} when they are too few, else not_together {wanted, left}.
CREATE FUNCTION {schema}.not_together_v1(p_performance uuid, p_event uuid, p_party jsonb)
RETURNS jsonb
LANGUAGE sql STABLE AS $$
    WITH wanted AS (
        SELECT DISTINCT unnest(allocations) AS id
        FROM {schema}.party_places_v1(p_performance, p_event, p_party)
    ), found AS (
        SELECT coalesce((
            SELECT sum(a.available_capacity - a.unseated_available)
            FROM {schema}.events_sectiontickettype AS a JOIN wanted ON wanted.id = a.id
            WHERE a.performance_id = p_performance), 0) + (
            SELECT count(*)
            FROM {schema}.events_reservation AS r
            JOIN {schema}.events_reservationline AS l
                ON l.performance_id = p_performance AND l.reservation_id = r.id
            JOIN wanted ON wanted.id = l.allocation_id
            WHERE r.performance_id = p_performance AND r.status = 'reserved'
              AND r.expires_at <= clock_timestamp() AND l.status = 'reserved'
              AND l.seat_id IS NOT NULL) AS seats
    )
    SELECT jsonb_build_object(
            'outcome', CASE WHEN seats < (p_party -> 'quantity')::integer
                THEN 'sold_out' ELSE 'not_together' END,
            'wanted', p_party -> 'quantity', 'left', seats)
        FROM found
$$;
