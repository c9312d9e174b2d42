-- look_at_row_v1: what one row of seats has for a party of p_seats that sits together.
--
-- p_allocations: what the party may be sold from. p_accessible: wheelchair places among its seats, 0 for
-- the general public. p_protect: accessible and companion places are kept, and to the general public
-- are an aisle. p_restricted: a restricted view is as good as any. p_orphan: no single seat may be left.
-- p_focal: the seat_rank to be near to; null: the row's middle.
-- Seats are neighbours when their ranks differ by one; a seat in an overdue hold is free.
-- The best choice leaves no single seat, then has a full view, then spares wheelchair places, then
-- takes companion places if it has a wheelchair place, then is nearest, then leftmost.
-- Returns the row's own numbers for events_seatrow: longest, recheck_at, allocations, accessible;
-- the choice: seat_ids, quality (0 none of: 1 leaves a single seat, 2 restricted view), overdue (has a
-- seat of an overdue hold), longest_after (the longest run without these seats); without a choice problem:
-- too_short, protected, other_type, not_accessible. Reads only, locks nothing.
-- Without seq scans: a plan made while a sale began with few lines must not stay when they are many.
CREATE FUNCTION {schema}.look_at_row_v1(
    p_performance uuid, p_section uuid, p_row integer, p_seats integer, p_allocations uuid[],
    p_accessible integer, p_protect boolean, p_restricted boolean, p_orphan boolean, p_focal integer,
    OUT longest integer, OUT recheck_at timestamptz, OUT allocations uuid[], OUT accessible integer,
    OUT seat_ids uuid[], OUT quality integer, OUT overdue boolean, OUT longest_after integer,
    OUT problem text
)
LANGUAGE plpgsql SET enable_seqscan TO off SET plan_cache_mode TO force_generic_plan AS $$
BEGIN
    WITH seat AS MATERIALIZED (
        SELECT s.id, s.seat_rank, s.allocation_id, s.is_accessible, s.is_companion,
               s.has_restricted_view AND NOT p_restricted AS restricted,
               p_protect AND (s.is_accessible OR s.is_companion) AS kept,
               s.status <> 'available' AS held, h.expires_at,
               s.status = 'available' OR coalesce(h.expires_at <= clock_timestamp(), false) AS free
        FROM {schema}.events_seat AS s
        LEFT JOIN LATERAL (
            SELECT r.expires_at
            FROM {schema}.events_reservationline AS l
            JOIN {schema}.events_reservation AS r
                ON r.performance_id = p_performance AND r.id = l.reservation_id
                AND r.status = 'reserved'
            WHERE s.status = 'reserved' AND l.performance_id = p_performance
              AND l.seat_id = s.id AND l.status = 'reserved'
        ) AS h ON true
        WHERE s.performance_id = p_performance AND s.section_id = p_section AND s.row_rank = p_row
    ), whole AS (
        SELECT run, row_number() OVER (PARTITION BY run ORDER BY seat_rank, id) AS place,
               count(*) OVER (PARTITION BY run) AS length, id
        FROM (SELECT id, seat_rank,
                     seat_rank - row_number() OVER (ORDER BY seat_rank, id) AS run
              FROM seat WHERE free) AS numbered
    ), open AS MATERIALIZED (
        SELECT *, row_number() OVER (PARTITION BY run ORDER BY seat_rank, id) AS place,
               count(*) OVER (PARTITION BY run) AS length
        FROM (SELECT *, seat_rank - row_number() OVER (ORDER BY seat_rank, id) AS run
              FROM seat WHERE free AND NOT kept) AS numbered
    ), together AS (
        SELECT run, place, length,
               count(*) FILTER (WHERE allocation_id = ANY (p_allocations)) OVER party AS fits,
               count(*) FILTER (WHERE restricted) OVER party > 0 AS restricted,
               count(*) FILTER (WHERE is_accessible) OVER party AS accessible,
               count(*) FILTER (WHERE is_companion) OVER party AS companions,
               avg(seat_rank) OVER party AS middle
        FROM open
        WINDOW party AS (PARTITION BY run ORDER BY seat_rank, id
                         ROWS BETWEEN CURRENT ROW AND p_seats - 1 FOLLOWING)
    ), best AS (
        SELECT c.run, c.place, c.restricted, c.single
        FROM (SELECT *, p_orphan AND (place = 2 OR length - place - p_seats = 0) AS single
              FROM together) AS c
        WHERE c.fits = p_seats AND c.accessible >= p_accessible
        ORDER BY c.single, c.restricted, c.accessible,
                 CASE WHEN p_accessible > 0 THEN -c.companions END,
                 abs(c.middle - coalesce(
                     p_focal, (SELECT (min(seat_rank) + max(seat_rank)) / 2.0 FROM seat))),
                 c.middle, c.run, c.place
        LIMIT 1
    ), chosen AS (
        SELECT o.id, o.held FROM open AS o JOIN best AS b
            ON o.run = b.run AND o.place BETWEEN b.place AND b.place + p_seats - 1
    ), pieces AS (
        SELECT w.run, min(w.place) AS from_place, max(w.place) AS to_place, max(w.length) AS length
        FROM whole AS w JOIN chosen AS c ON c.id = w.id GROUP BY w.run
    )
    SELECT coalesce((SELECT max(w.length) FROM whole AS w), 0),
           coalesce((SELECT min(s.expires_at) FROM seat AS s WHERE NOT s.free), 'infinity'),
           (SELECT array_agg(DISTINCT s.allocation_id) FROM seat AS s),
           (SELECT count(*) FROM seat AS s WHERE s.is_accessible),
           (SELECT array_agg(c.id) FROM chosen AS c),
           (SELECT b.single::integer + 2 * b.restricted::integer FROM best AS b),
           (SELECT bool_or(c.held) FROM chosen AS c),
           (SELECT greatest(
                coalesce((SELECT max(w.length) FROM whole AS w
                          WHERE w.run <> ALL (SELECT p.run FROM pieces AS p)), 0),
                coalesce((SELECT max(greatest(p.from_place - 1, p.length - p.to_place))
                          FROM pieces AS p), 0))),
           CASE WHEN coalesce((SELECT max(w.length) FROM whole AS w), 0) < p_seats THEN 'too_short'
                WHEN coalesce((SELECT max(o.length) FROM open AS o), 0) < p_seats THEN 'protected'
                WHEN NOT EXISTS (SELECT FROM together AS t WHERE t.fits = p_seats) THEN 'other_type'
                WHEN NOT EXISTS (SELECT FROM best) THEN 'not_accessible' END
        INTO longest, recheck_at, allocations, accessible, seat_ids, quality, overdue,
             longest_after, problem;
END $$;
