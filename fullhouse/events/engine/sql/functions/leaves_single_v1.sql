-- leaves_single_v1: whether taking these free seats of a row leaves a single seat that need not be.
--
-- A run is free seats whose ranks follow each other; an aisle, the row's end and, while they are kept
-- (p_protect), accessible and companion places end it. The part of a hold in one run is judged by
-- itself: it leaves a single seat when one seat of the run remains with nobody free beside it. It may,
-- where as many seats that sit together, of the same allocations, in this run or in one
-- that the hold does not touch, would leave one too. A single seat that was single before is none.
-- Returns null, or leaves_single {seats: what would be left, instead: other seats for that part, the
-- nearest that would do, instead_ids}. Reads only, locks nothing.
-- Without seq scans: a plan made while a sale began with few lines must not stay when they are many.
CREATE FUNCTION {schema}.leaves_single_v1(
    p_performance uuid, p_section uuid, p_row integer, p_seats uuid[], p_protect boolean
) RETURNS jsonb
LANGUAGE sql STABLE SET enable_seqscan TO off AS $$
    WITH free AS MATERIALIZED (
        SELECT s.id, s.seat_rank, s.allocation_id, s.row_number || '-' || s.seat_number AS label,
               s.id = ANY (p_seats) AS asked,
               s.seat_rank - row_number() OVER (ORDER BY s.seat_rank, s.id) AS run
        FROM {schema}.events_seat AS s
        WHERE s.performance_id = p_performance AND s.section_id = p_section AND s.row_rank = p_row
          AND NOT (p_protect AND (s.is_accessible OR s.is_companion))
          AND (s.status = 'available' OR s.status = 'reserved' AND EXISTS (
              SELECT FROM {schema}.events_reservationline AS l
              JOIN {schema}.events_reservation AS r
                  ON r.performance_id = p_performance AND r.id = l.reservation_id
              WHERE l.performance_id = p_performance AND l.seat_id = s.id
                AND l.status = 'reserved' AND r.status = 'reserved'
                AND r.expires_at <= clock_timestamp()))
    ), seat AS MATERIALIZED (
        SELECT *, row_number() OVER beside AS place, count(*) OVER (PARTITION BY run) AS length,
               count(*) FILTER (WHERE asked) OVER (PARTITION BY run) AS part,
               NOT asked AND coalesce(lag(asked) OVER beside, true)
                   AND coalesce(lead(asked) OVER beside, true) AS alone
        FROM free WINDOW beside AS (PARTITION BY run ORDER BY seat_rank, id)
    ), judged AS (
        SELECT run, part, avg(seat_rank) FILTER (WHERE asked) AS middle,
               array_agg(allocation_id) FILTER (WHERE asked) AS allocations,
               jsonb_agg(label ORDER BY place) FILTER (WHERE alone) AS left_alone
        FROM seat WHERE part > 0 GROUP BY run, part HAVING bool_or(alone)
    ), other AS (
        SELECT j.run, j.left_alone, w.seats, w.ids,
               row_number() OVER (ORDER BY j.run, abs(w.middle - j.middle), w.middle) AS choice
        FROM judged AS j
        CROSS JOIN LATERAL (
            SELECT avg(i.seat_rank) AS middle, jsonb_agg(i.label ORDER BY i.place) AS seats,
                   jsonb_agg(i.id ORDER BY i.place) AS ids
            FROM seat AS f JOIN seat AS i
                ON i.run = f.run AND i.place BETWEEN f.place AND f.place + j.part - 1
            WHERE (f.run = j.run OR f.part = 0) AND f.place <> 2
              AND f.length - f.place - j.part + 1 <> 1
            GROUP BY f.id
            HAVING count(*) = j.part AND bool_and(i.allocation_id = ANY (j.allocations))
        ) AS w
    )
    SELECT jsonb_build_object('outcome', 'leaves_single', 'seats', left_alone,
            'instead', seats, 'instead_ids', ids)
        FROM other WHERE choice = 1
$$;
