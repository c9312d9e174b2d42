-- closed_refusal_v1: why a performance sells nothing now, or null: as reserve_v1 decides.
-- Outcomes: unknown {what, id} | closed {status, opens_at, closes_at}. Reads only.
CREATE FUNCTION {schema}.closed_refusal_v1(p_performance uuid) RETURNS jsonb
LANGUAGE sql VOLATILE AS $$
    SELECT CASE
        WHEN p.id IS NULL THEN
            jsonb_build_object('outcome', 'unknown', 'what', 'performance', 'id', p_performance)
        WHEN p.status <> 'on_sale' OR p.sales_open_at > clock_timestamp()
                OR p.sales_close_at <= clock_timestamp() THEN
            jsonb_build_object('outcome', 'closed', 'status', p.status,
                'opens_at', p.sales_open_at, 'closes_at', p.sales_close_at)
        END
    FROM (VALUES (p_performance)) AS asked (id)
    LEFT JOIN {schema}.events_eventperformance AS p ON p.id = asked.id
$$;
