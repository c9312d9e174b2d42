-- split_around_v1: a party's parts, none more than p_away rows from the first, or null.
--
-- p_runs: runs of free seats [{row_rank, seat_rank, length, held, ids}], the preferred first; p_parts:
-- how many may be used. See split_party_v1. Returns {seat_ids, rows, parts, overdue}.
CREATE FUNCTION {schema}.split_around_v1(
    p_runs jsonb, p_seats integer, p_parts integer, p_away integer
) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    WITH run AS MATERIALIZED (
        SELECT r.value, r.n, (r.value ->> 'row_rank')::integer AS row_rank,
               (r.value ->> 'length')::integer AS length
        FROM jsonb_array_elements(p_runs) WITH ORDINALITY AS r (value, n)
    ), first AS (
        SELECT a.* FROM run AS a
        WHERE a.length * p_parts >= p_seats AND a.length + coalesce((
            SELECT sum(o.length) FROM (
                SELECT length FROM run
                WHERE n <> a.n AND abs(row_rank - a.row_rank) <= p_away
                ORDER BY length DESC LIMIT p_parts - 1) AS o), 0) >= p_seats
        ORDER BY a.n LIMIT 1
    ), part AS (
        SELECT value, n, length, 0::bigint AS away FROM first
        UNION ALL
        (SELECT r.value, r.n, r.length, abs(r.row_rank - f.row_rank)::bigint
            FROM run AS r JOIN first AS f
                ON r.n <> f.n AND abs(r.row_rank - f.row_rank) <= p_away
            ORDER BY r.length DESC, abs(r.row_rank - f.row_rank), r.n LIMIT p_parts - 1)
    ), seat AS (
        SELECT i.id, row_number() OVER (ORDER BY p.length DESC, p.away, p.n, i.place) AS place
        FROM part AS p
        CROSS JOIN LATERAL jsonb_array_elements_text(p.value -> 'ids') WITH ORDINALITY AS i (id, place)
    )
    SELECT jsonb_build_object(
            'seat_ids', (SELECT jsonb_agg(id) FROM seat WHERE place <= p_seats),
            'rows', jsonb_agg(DISTINCT (value ->> 'row_rank')::integer),
            'parts', count(*),
            'overdue', bool_or((value ->> 'held')::boolean))
        FROM part HAVING count(*) > 0
$$;
