-- postpone_refusal_v1: why a performance, which the caller has locked, cannot go to that date (null:
-- an open one), or null. Outcomes: see postpone_performance_v1. The clock is the venue's.
CREATE FUNCTION {schema}.postpone_refusal_v1(
    p_performance uuid, p_date date, p_start_time time
) RETURNS jsonb
LANGUAGE sql VOLATILE AS $$
    SELECT CASE
        WHEN p.id IS NULL THEN
            jsonb_build_object('outcome', 'unknown', 'what', 'performance', 'id', p_performance)
        WHEN p.status = 'cancelled' OR p.status = 'postponed' AND p_date IS NULL THEN
            jsonb_build_object('outcome', 'wrong_status', 'status', p.status)
        WHEN p_date + p_start_time <= clock_timestamp() AT TIME ZONE v.time_zone THEN
            jsonb_build_object('outcome', 'in_the_past', 'date', p_date, 'start_time', p_start_time)
        WHEN EXISTS (
            SELECT FROM {schema}.events_eventperformance AS other
            WHERE other.event_id = p.event_id AND other.date = p_date
              AND other.start_time = p_start_time) THEN
            jsonb_build_object('outcome', 'time_taken', 'date', p_date, 'start_time', p_start_time)
        END
    FROM (VALUES (p_performance)) AS asked (id)
    LEFT JOIN {schema}.events_eventperformance AS p ON p.id = asked.id
    LEFT JOIN {schema}.events_event AS e ON e.id = p.event_id
    LEFT JOIN {schema}.events_venue AS v ON v.id = e.venue_id
$$;
