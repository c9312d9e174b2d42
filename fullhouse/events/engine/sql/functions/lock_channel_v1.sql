-- lock_channel_v1: lock what a sales channel has set aside, and say what it can give now.
--
-- Null where the channel (blank: none) has nothing. Past its release time a channel's places are
-- everybody's, like those of any hold past its deadline, so that they are not counted here.
-- p_careful: the caller goes on to lock the performance; it is locked first, as the order asks.
-- Returns {"places": {allocation: places without a seat}, "seats": [ids]}, see given_back_v1.
-- Locks: (careful: the performance;) the channel's reservations by id. One sale of a channel at a time.
CREATE FUNCTION {schema}.lock_channel_v1(p_performance uuid, p_channel text, p_careful boolean)
RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_live uuid[];
BEGIN
    IF p_channel = '' OR NOT EXISTS (SELECT FROM {schema}.events_reservation
            WHERE performance_id = p_performance AND kind = 'channel' AND channel = p_channel
              AND status = 'reserved') THEN
        RETURN NULL;
    END IF;
    IF p_careful THEN
        PERFORM 1 FROM {schema}.events_eventperformance WHERE id = p_performance FOR NO KEY UPDATE;
    END IF;
    PERFORM 1 FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND kind = 'channel' AND channel = p_channel
          AND status = 'reserved'
        ORDER BY id FOR NO KEY UPDATE;
    SELECT array_agg(id) INTO v_live FROM {schema}.events_reservation
        WHERE performance_id = p_performance AND kind = 'channel' AND channel = p_channel
          AND status = 'reserved' AND coalesce(expires_at > clock_timestamp(), true);
    RETURN {schema}.given_back_v1(p_performance, v_live);
END $$;
