-- edit_some_seats_v1: one {"seats", "values"} of edit_seats_v1. Locks: none of its own; the caller has them.
CREATE FUNCTION {schema}.edit_some_seats_v1(p_performance uuid, p_edit jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v jsonb := p_edit -> 'values';
BEGIN
    UPDATE {schema}.events_seat SET
        price = CASE WHEN v ? 'price' THEN (v ->> 'price')::numeric ELSE price END,
        is_accessible = coalesce((v ->> 'is_accessible')::boolean, is_accessible),
        is_companion = coalesce((v ->> 'is_companion')::boolean, is_companion),
        is_premium = coalesce((v ->> 'is_premium')::boolean, is_premium),
        has_restricted_view = coalesce((v ->> 'has_restricted_view')::boolean, has_restricted_view),
        row_rank = coalesce((v ->> 'row_rank')::integer, row_rank),
        seat_rank = coalesce((v ->> 'seat_rank')::integer, seat_rank),
        x = CASE WHEN v ? 'x' THEN (v ->> 'x')::float8 ELSE x END,
        y = CASE WHEN v ? 'y' THEN (v ->> 'y')::float8 ELSE y END
        WHERE performance_id = p_performance
          AND id IN (SELECT s::uuid FROM jsonb_array_elements_text(p_edit -> 'seats') AS s);
END $$;
