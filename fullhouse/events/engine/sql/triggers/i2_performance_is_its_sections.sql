-- I2: performance.max_capacity = sum(section.total_capacity). SQLSTATE 23I02.
-- No write skew: the rule is linear, every changed row is locked by its writer, and each
-- transaction's own change must sum to nothing.
CREATE FUNCTION {schema}.check_i2(p_performance uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_stored integer;
    v_summed bigint;
BEGIN
    PERFORM {schema}.require_read_committed('I2');
    SELECT p.max_capacity,
           coalesce((SELECT sum(s.total_capacity) FROM {schema}.events_eventsection AS s
                     WHERE s.performance_id = p.id), 0)
        INTO v_stored, v_summed
        FROM {schema}.events_eventperformance AS p WHERE p.id = p_performance;
    IF v_stored <> v_summed THEN
        RAISE EXCEPTION 'I2: performance % has max_capacity %, its sections add up to %',
            p_performance, v_stored, v_summed USING ERRCODE = '23I02',
            HINT = 'Change capacity through open_performance or resize, which keep both sides.';
    END IF;
END $$;

CREATE FUNCTION {schema}.check_i2_performance() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {schema}.check_i2(NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION {schema}.check_i2_section() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM {schema}.check_i2(OLD.performance_id);
    END IF;
    IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.performance_id <> OLD.performance_id) THEN
        PERFORM {schema}.check_i2(NEW.performance_id);
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER i2_performance_insert
    AFTER INSERT ON {schema}.events_eventperformance DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.max_capacity > 0) EXECUTE FUNCTION {schema}.check_i2_performance();
CREATE CONSTRAINT TRIGGER i2_performance_update
    AFTER UPDATE ON {schema}.events_eventperformance DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.max_capacity <> NEW.max_capacity)
    EXECUTE FUNCTION {schema}.check_i2_performance();
CREATE CONSTRAINT TRIGGER i2_section_insert_delete
    AFTER INSERT OR DELETE ON {schema}.events_eventsection DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION {schema}.check_i2_section();
CREATE CONSTRAINT TRIGGER i2_section_update
    AFTER UPDATE ON {schema}.events_eventsection DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.total_capacity <> NEW.total_capacity
        OR OLD.performance_id <> NEW.performance_id)
    EXECUTE FUNCTION {schema}.check_i2_section();
