-- I1: venue.total_capacity >= performance.max_capacity. SQLSTATE 23I01.
-- Deferred triggers alone have write skew (raise a performance and lower its venue at once), so the
-- performance side locks event and venue FOR SHARE; the venue side is an update of that very row.
-- Locks: event, venue, in that order.
CREATE FUNCTION {schema}.check_i1_performance() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    v_needed integer;
    v_event uuid;
    v_venue uuid;
    v_total integer;
BEGIN
    PERFORM {schema}.require_read_committed('I1');
    SELECT max_capacity, event_id INTO v_needed, v_event
        FROM {schema}.events_eventperformance WHERE id = NEW.id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT venue_id INTO v_venue FROM {schema}.events_event WHERE id = v_event FOR SHARE;
    SELECT total_capacity INTO v_total FROM {schema}.events_venue WHERE id = v_venue FOR SHARE;
    IF v_total < v_needed THEN
        RAISE EXCEPTION 'I1: venue % holds % places, performance % needs %',
            v_venue, v_total, NEW.id, v_needed USING ERRCODE = '23I01',
            HINT = 'Raise the venue''s total_capacity first, or make the performance smaller.';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION {schema}.check_i1_event() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    v_venue uuid;
    v_total integer;
    v_performance uuid;
    v_needed integer;
BEGIN
    PERFORM {schema}.require_read_committed('I1');
    SELECT venue_id INTO v_venue FROM {schema}.events_event WHERE id = NEW.id;
    SELECT total_capacity INTO v_total FROM {schema}.events_venue WHERE id = v_venue FOR SHARE;
    SELECT id, max_capacity INTO v_performance, v_needed
        FROM {schema}.events_eventperformance
        WHERE event_id = NEW.id ORDER BY max_capacity DESC LIMIT 1;
    IF v_needed > v_total THEN
        RAISE EXCEPTION 'I1: venue % holds % places, performance % of event % needs %',
            v_venue, v_total, v_performance, NEW.id, v_needed USING ERRCODE = '23I01',
            HINT = 'Choose a venue that holds the event''s largest performance.';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION {schema}.check_i1_venue() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    v_total integer;
    v_performance uuid;
    v_needed integer;
BEGIN
    PERFORM {schema}.require_read_committed('I1');
    SELECT total_capacity INTO v_total FROM {schema}.events_venue WHERE id = NEW.id;
    SELECT p.id, p.max_capacity INTO v_performance, v_needed
        FROM {schema}.events_event AS e
        JOIN {schema}.events_eventperformance AS p ON p.event_id = e.id
        WHERE e.venue_id = NEW.id ORDER BY p.max_capacity DESC LIMIT 1;
    IF v_needed > v_total THEN
        RAISE EXCEPTION 'I1: venue % would hold % places, performance % needs %',
            NEW.id, v_total, v_performance, v_needed USING ERRCODE = '23I01',
            HINT = 'Make the performance smaller first.';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER i1_performance_insert
    AFTER INSERT ON {schema}.events_eventperformance DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.max_capacity > 0) EXECUTE FUNCTION {schema}.check_i1_performance();
CREATE CONSTRAINT TRIGGER i1_performance_update
    AFTER UPDATE ON {schema}.events_eventperformance DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.max_capacity < NEW.max_capacity OR OLD.event_id <> NEW.event_id)
    EXECUTE FUNCTION {schema}.check_i1_performance();
CREATE CONSTRAINT TRIGGER i1_event_update
    AFTER UPDATE ON {schema}.events_event DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.venue_id <> NEW.venue_id) EXECUTE FUNCTION {schema}.check_i1_event();
CREATE CONSTRAINT TRIGGER i1_venue_update
    AFTER UPDATE ON {schema}.events_venue DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.total_capacity > NEW.total_capacity)
    EXECUTE FUNCTION {schema}.check_i1_venue();
