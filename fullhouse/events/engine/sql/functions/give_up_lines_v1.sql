-- give_up_lines_v1: the lines that chosen_lines_v1 chose come back. Returns the number of places.
-- p_chosen: its "lines". Locks: those of free_lines_v1; the caller has locked what comes before.
CREATE FUNCTION {schema}.give_up_lines_v1(
    p_performance uuid, p_chosen jsonb, p_status text, p_operation text, p_actor text, p_reason text
) RETURNS integer
LANGUAGE sql VOLATILE AS $$
    SELECT {schema}.free_lines_v1(p_performance, array_agg(c.line_id), array_agg(c.quantity),
        CASE p_status WHEN 'sold' THEN 'refunded' ELSE 'released' END,
        p_operation, p_actor, p_reason)
    FROM jsonb_to_recordset(p_chosen) AS c (line_id uuid, quantity integer)
$$;
