-- split_in_section_v1: the parts of a split party in one section, or null. See split_party_v1.
-- Returns {seat_ids, rows, parts, overdue}. Reads only, locks nothing.
-- Without seq scans: a plan made while a sale began with few lines must not stay when they are many.
CREATE FUNCTION {schema}.split_in_section_v1(
    p_performance uuid, p_section uuid, p_seats integer, p_allocations uuid[],
    p_protect boolean, p_restricted boolean, p_focal_row integer
) RETURNS jsonb
LANGUAGE plpgsql SET enable_seqscan TO off AS $$
DECLARE
    v_runs jsonb;
    v_parts integer;
    v_away integer := 0;
    v_farthest integer;
    v_chosen jsonb;
BEGIN
    WITH seat AS (
        SELECT s.id, s.row_rank, s.seat_rank, s.status <> 'available' AS held
        FROM {schema}.events_seat AS s
        WHERE s.performance_id = p_performance AND s.section_id = p_section
          AND s.allocation_id = ANY (p_allocations)
          AND (p_restricted OR NOT s.has_restricted_view)
          AND NOT (p_protect AND (s.is_accessible OR s.is_companion))
          AND (s.status = 'available' OR s.status = 'reserved' AND EXISTS (
              SELECT FROM {schema}.events_reservationline AS l
              JOIN {schema}.events_reservation AS r
                  ON r.performance_id = p_performance AND r.id = l.reservation_id
              WHERE l.performance_id = p_performance AND l.seat_id = s.id
                AND l.status = 'reserved' AND r.status = 'reserved'
                AND r.expires_at <= clock_timestamp()))
    ), run AS (
        SELECT row_rank, min(seat_rank) AS seat_rank, count(*) AS length, bool_or(held) AS held,
               array_agg(id ORDER BY seat_rank, id) AS ids
        FROM (SELECT *, seat_rank - row_number() OVER (
                  PARTITION BY row_rank ORDER BY seat_rank, id) AS run FROM seat) AS numbered
        GROUP BY row_rank, run
    )
    SELECT jsonb_agg(to_jsonb(run) ORDER BY abs(row_rank - p_focal_row), row_rank, seat_rank)
        INTO v_runs FROM run;
    SELECT min(parts), max(farthest) INTO v_parts, v_farthest FROM (
        SELECT row_number() OVER longest AS parts, sum(length) OVER longest AS seats,
               max(row_rank) OVER () - min(row_rank) OVER () AS farthest
        FROM jsonb_to_recordset(v_runs) AS r (row_rank integer, length integer)
        WINDOW longest AS (ORDER BY length DESC ROWS UNBOUNDED PRECEDING)) AS grown
        WHERE seats >= p_seats;
    IF v_parts IS NULL THEN
        RETURN NULL;
    END IF;
    LOOP
        v_chosen := {schema}.split_around_v1(v_runs, p_seats, v_parts, v_away);
        EXIT WHEN v_chosen IS NOT NULL OR v_away > v_farthest;
        v_away := greatest(1, v_away * 2);
    END LOOP;
    RETURN v_chosen;
END $$;
