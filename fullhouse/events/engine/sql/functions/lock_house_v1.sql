-- lock_house_v1(performance) -> one row with the numbers of I1, or none where it is unknown.
-- For structural changes. Locks: venue and event FOR SHARE, performance FOR NO KEY UPDATE, in that
-- order (reservations only need the performance's key, so selling goes on).
-- SQLSTATEs: 40001 where the performance or its event moved meanwhile (try again), 55P03.
CREATE FUNCTION {schema}.lock_house_v1(
    p_performance uuid,
    OUT event_id uuid, OUT venue_id uuid, OUT venue_capacity integer, OUT max_capacity integer
) RETURNS SETOF record
LANGUAGE plpgsql
SET lock_timeout TO '5s' AS $$
DECLARE
    v_event uuid;
    v_venue uuid;
BEGIN
    SELECT p.event_id INTO event_id
        FROM {schema}.events_eventperformance AS p WHERE p.id = p_performance;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT e.venue_id INTO venue_id FROM {schema}.events_event AS e WHERE e.id = event_id;
    SELECT v.total_capacity INTO venue_capacity
        FROM {schema}.events_venue AS v WHERE v.id = venue_id FOR SHARE;
    SELECT e.venue_id INTO v_venue
        FROM {schema}.events_event AS e WHERE e.id = event_id FOR SHARE;
    SELECT p.event_id, p.max_capacity INTO v_event, max_capacity
        FROM {schema}.events_eventperformance AS p WHERE p.id = p_performance FOR NO KEY UPDATE;
    IF (v_event, v_venue) IS DISTINCT FROM (event_id, venue_id) THEN
        RAISE EXCEPTION 'performance % moved to another event or venue meanwhile', p_performance
            USING ERRCODE = '40001', HINT = 'Try again.';
    END IF;
    RETURN NEXT;
END $$;
