-- note_comp_v1: a note of what complimentary places would have cost; p_plan has lines, currency, total.
CREATE FUNCTION {schema}.note_comp_v1(
    p_performance uuid, p_reservation uuid, p_plan jsonb, p_actor text, p_reason text
) RETURNS void
LANGUAGE sql VOLATILE AS $$
    INSERT INTO {schema}.events_note
            (id, performance_id, reservation_id, operation, actor, reason, facts, at)
        VALUES ({schema}.uuid7(), p_performance, p_reservation, 'comp', p_actor, p_reason,
            jsonb_build_object('list_total', p_plan -> 'total', 'currency', p_plan -> 'currency',
                'list_prices', (
                    SELECT jsonb_object_agg(l ->> 'id', l -> 'unit_price')
                    FROM jsonb_array_elements(p_plan -> 'lines') AS l)), clock_timestamp())
$$;
