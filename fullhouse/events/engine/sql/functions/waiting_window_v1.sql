-- waiting_window_v1: free seats side by side for a waiting party, or null.
--
-- A run is free seats of one row whose ranks follow each other, of whatever allocation; accessible and
-- companion places that are kept (not p_open) end it. The party's seats are of p_allocations and not
-- among p_in_hand. p_orphan: seats that leave a single one of their run come last.
-- Returned in their order; the first that do, by row and seat. Reads only, locks nothing.
CREATE FUNCTION {schema}.waiting_window_v1(
    p_performance uuid, p_allocations uuid[], p_quantity integer, p_open boolean, p_orphan boolean,
    p_in_hand uuid[]
) RETURNS uuid[]
LANGUAGE sql VOLATILE AS $$
    WITH seat AS MATERIALIZED (
        SELECT f.*, row_number() OVER beside AS place,
               count(*) OVER (PARTITION BY row_rank, row_number, run) AS length
        FROM (
            SELECT s.id, s.row_rank, s.row_number, s.seat_rank,
                   s.allocation_id = ANY (p_allocations) AND s.id <> ALL (p_in_hand) AS fits,
                   s.seat_rank - row_number() OVER (
                       PARTITION BY s.row_rank, s.row_number ORDER BY s.seat_rank, s.id) AS run
            FROM {schema}.events_seat AS s
            WHERE s.performance_id = p_performance AND s.status = 'available'
              AND s.section_id = (
                  SELECT a.section_id FROM {schema}.events_sectiontickettype AS a
                  WHERE a.performance_id = p_performance AND a.id = p_allocations[1])
              AND (p_open OR NOT (s.is_accessible OR s.is_companion))
        ) AS f
        WINDOW beside AS (PARTITION BY row_rank, row_number, run ORDER BY seat_rank, id)
    ), party AS (
        SELECT s.*, count(*) FILTER (WHERE fits) OVER (
                   PARTITION BY row_rank, row_number, run ORDER BY place
                   ROWS BETWEEN CURRENT ROW AND p_quantity - 1 FOLLOWING) AS seats
        FROM seat AS s
    ), best AS (
        SELECT row_rank, row_number, run, place FROM party
        WHERE seats = p_quantity
        ORDER BY p_orphan AND (place = 2 OR length - place - p_quantity = 0),
                 row_rank, row_number, seat_rank, id
        LIMIT 1
    )
    SELECT array_agg(s.id ORDER BY s.place)
        FROM seat AS s JOIN best AS b
            ON (s.row_rank, s.row_number, s.run) = (b.row_rank, b.row_number, b.run)
           AND s.place BETWEEN b.place AND b.place + p_quantity - 1
$$;
