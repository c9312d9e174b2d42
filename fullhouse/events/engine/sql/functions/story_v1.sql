-- story_v1(performance, seat, allocation, reservation, last) -> what the ledger and the notes tell of
-- one seat, one allocation or one reservation (give one, the others null), oldest first, the `last`
-- entries. Movements of one step that say the same are one entry with their places together. Notes
-- count where they are of a reservation that the story is about, and of the performance as a whole
-- for a seat or an allocation. `earlier` is how many entries came before those given.
-- Reads only, one snapshot, no locks.
CREATE FUNCTION {schema}.story_v1(
    p_performance uuid, p_seat uuid, p_allocation uuid, p_reservation uuid, p_last integer
) RETURNS TABLE (
    at timestamptz, kind text, operation text, from_state text, to_state text, places bigint,
    seats uuid[], reference text, actor text, reason text, facts jsonb, earlier bigint
)
LANGUAGE sql STABLE AS $$
    WITH movement AS MATERIALIZED (
        SELECT m.* FROM {schema}.events_movement AS m
        WHERE m.performance_id = p_performance
          AND (m.seat_id = p_seat OR m.allocation_id = p_allocation
               OR m.reservation_id = p_reservation)
    ), entry AS (
        SELECT m.at, 'movement' AS kind, m.operation, m.from_state, m.to_state,
               sum(m.quantity) AS places,
               (array_agg(m.seat_id ORDER BY m.seat_id) FILTER (WHERE m.seat_id IS NOT NULL))[:50]
                   AS seats,
               m.reservation_id, m.actor, m.reason, '{}'::jsonb AS facts
        FROM movement AS m
        GROUP BY m.at, m.operation, m.from_state, m.to_state, m.reservation_id, m.actor, m.reason
        UNION ALL
        SELECT n.at, 'note', n.operation, NULL, NULL, 0, NULL, n.reservation_id, n.actor, n.reason,
               n.facts
        FROM {schema}.events_note AS n
        WHERE n.performance_id = p_performance
          AND (n.reservation_id = p_reservation
               OR (p_seat IS NOT NULL AND n.reservation_id IN (
                   SELECT m.reservation_id FROM movement AS m))
               OR (p_reservation IS NULL AND n.reservation_id IS NULL))
    ), numbered AS (
        SELECT e.*, row_number() OVER (ORDER BY e.at DESC, e.from_state IS NOT NULL,
                   e.operation) AS place, count(*) OVER () AS entries
        FROM entry AS e
    )
    SELECT e.at, e.kind, e.operation, e.from_state, e.to_state, e.places, e.seats, r.reference,
           e.actor, e.reason, e.facts, greatest(e.entries - p_last, 0)
    FROM numbered AS e
    LEFT JOIN {schema}.events_reservation AS r
        ON r.performance_id = p_performance AND r.id = e.reservation_id
    WHERE e.place <= p_last
    ORDER BY e.place DESC
$$;
