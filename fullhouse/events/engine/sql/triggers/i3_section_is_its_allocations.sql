-- I3: section.total_capacity = sum(allocation.allocated_capacity). SQLSTATE 23I03.
-- With I4 it gives I7: capacity is never cut below what is reserved or sold; the message says so.
CREATE FUNCTION {schema}.check_i3(p_performance uuid, p_section uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_stored integer;
    v_summed bigint;
    v_committed bigint;
BEGIN
    PERFORM {schema}.require_read_committed('I3');
    SELECT s.total_capacity, coalesce(t.summed, 0), coalesce(t.committed, 0)
        INTO v_stored, v_summed, v_committed
        FROM {schema}.events_eventsection AS s
        CROSS JOIN LATERAL (
            SELECT sum(a.allocated_capacity) AS summed,
                   sum(a.reserved_capacity + a.sold_capacity) AS committed
            FROM {schema}.events_sectiontickettype AS a
            WHERE a.performance_id = s.performance_id AND a.section_id = s.id) AS t
        WHERE s.performance_id = p_performance AND s.id = p_section;
    IF v_stored <> v_summed THEN
        RAISE EXCEPTION '%: section % has total_capacity %, its allocations add up to %, % of them reserved or sold',
            CASE WHEN v_stored < v_committed THEN 'I3, I7' ELSE 'I3' END,
            p_section, v_stored, v_summed, v_committed USING ERRCODE = '23I03',
            HINT = 'Change capacity through resize or reallocate, which keep both sides.';
    END IF;
END $$;

CREATE FUNCTION {schema}.check_i3_section() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {schema}.check_i3(NEW.performance_id, NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION {schema}.check_i3_allocation() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM {schema}.check_i3(OLD.performance_id, OLD.section_id);
    END IF;
    IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.section_id <> OLD.section_id) THEN
        PERFORM {schema}.check_i3(NEW.performance_id, NEW.section_id);
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER i3_section_insert
    AFTER INSERT ON {schema}.events_eventsection DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.total_capacity > 0) EXECUTE FUNCTION {schema}.check_i3_section();
CREATE CONSTRAINT TRIGGER i3_section_update
    AFTER UPDATE ON {schema}.events_eventsection DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.total_capacity <> NEW.total_capacity)
    EXECUTE FUNCTION {schema}.check_i3_section();
CREATE CONSTRAINT TRIGGER i3_allocation_insert_delete
    AFTER INSERT OR DELETE ON {schema}.events_sectiontickettype DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION {schema}.check_i3_allocation();
CREATE CONSTRAINT TRIGGER i3_allocation_update
    AFTER UPDATE ON {schema}.events_sectiontickettype DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.allocated_capacity <> NEW.allocated_capacity
        OR OLD.section_id <> NEW.section_id)
    EXECUTE FUNCTION {schema}.check_i3_allocation();
