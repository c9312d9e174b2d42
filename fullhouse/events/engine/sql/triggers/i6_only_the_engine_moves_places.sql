-- I6: every reserved or sold place is explained by a line, and the ledger folds to the counters.
-- The engine writes all of them together under the marker `fullhouse.engine`; any other writer is
-- refused here. A guard against accidents, not against a malicious owner: `capacity audit` finds
-- what a forged marker did. The message also names I3, I4, I5, I7 where the write breaks them too.
-- SQLSTATE 23I06.
CREATE FUNCTION {schema}.refuse_writer(p_rules text, p_what text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: % (only the engine moves places)', p_rules, p_what USING ERRCODE = '23I06',
        HINT = 'Use the services (reserve, confirm, release, refund, house, resize, reallocate).';
END $$;

CREATE FUNCTION {schema}.guard_allocation() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    v_row {schema}.events_sectiontickettype := coalesce(NEW, OLD);
    v_rules text := 'I6';
    v_total integer;
    v_sum bigint;
    v_what text;
BEGIN
    v_what := format('%s of allocation %s: allocated %s, available %s (%s unseated), reserved %s, sold %s',
        lower(TG_OP), v_row.id, v_row.allocated_capacity, v_row.available_capacity,
        v_row.unseated_available, v_row.reserved_capacity, v_row.sold_capacity);
    IF TG_OP <> 'DELETE' AND v_row.unseated_available > v_row.available_capacity THEN
        v_rules := 'I5, ' || v_rules;
    END IF;
    IF TG_OP <> 'DELETE' AND (v_row.allocated_capacity <> v_row.available_capacity
            + v_row.reserved_capacity + v_row.sold_capacity
            OR least(v_row.available_capacity, v_row.reserved_capacity, v_row.sold_capacity) < 0) THEN
        v_rules := 'I4, ' || v_rules;
    END IF;
    IF v_row.reserved_capacity + v_row.sold_capacity
            > (CASE TG_OP WHEN 'DELETE' THEN 0 ELSE v_row.allocated_capacity END) THEN
        v_rules := 'I7, ' || v_rules;
    END IF;
    SELECT s.total_capacity,
           coalesce(sum(a.allocated_capacity) FILTER (WHERE a.id <> v_row.id), 0)
               + CASE WHEN TG_OP = 'DELETE' THEN 0 ELSE v_row.allocated_capacity END
        INTO v_total, v_sum
        FROM {schema}.events_eventsection AS s
        LEFT JOIN {schema}.events_sectiontickettype AS a ON a.section_id = s.id
        WHERE s.id = v_row.section_id GROUP BY s.id;
    IF v_total <> v_sum THEN
        v_rules := 'I3, ' || v_rules;
        v_what := v_what || format('; the section has %s places, its allocations would add up to %s',
            v_total, v_sum);
    END IF;
    PERFORM {schema}.refuse_writer(v_rules, v_what);
    RETURN NULL;
END $$;

CREATE FUNCTION {schema}.guard_seat() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    v_row {schema}.events_seat := coalesce(NEW, OLD);
BEGIN
    PERFORM {schema}.refuse_writer('I5, I6', format('%s of seat %s (row %s, number %s): status %s',
        lower(TG_OP), v_row.id, v_row.row_number, v_row.seat_number,
        CASE TG_OP WHEN 'UPDATE' THEN OLD.status || ' -> ' || NEW.status ELSE v_row.status END));
    RETURN NULL;
END $$;

CREATE FUNCTION {schema}.guard_line() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    v_row {schema}.events_reservationline := coalesce(NEW, OLD);
    v_rules text := 'I6';
    v_what text;
    v_other uuid;
BEGIN
    v_what := format('%s of line %s: %s place(s), %s, allocation %s', lower(TG_OP), v_row.id,
        v_row.quantity, v_row.status, v_row.allocation_id);
    IF TG_OP <> 'DELETE' AND v_row.seat_id IS NOT NULL AND v_row.status IN ('reserved', 'sold') THEN
        SELECT id INTO v_other FROM {schema}.events_reservationline
            WHERE performance_id = v_row.performance_id AND seat_id = v_row.seat_id
              AND status IN ('reserved', 'sold') AND id <> v_row.id LIMIT 1;
        IF FOUND THEN
            v_rules := 'I5, I6';
            v_what := v_what || format('; seat %s is in line %s already', v_row.seat_id, v_other);
        END IF;
    END IF;
    PERFORM {schema}.refuse_writer(v_rules, v_what);
    RETURN NULL;
END $$;

CREATE FUNCTION {schema}.guard_reservation() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    v_row {schema}.events_reservation := coalesce(NEW, OLD);
BEGIN
    PERFORM {schema}.refuse_writer('I6', format('%s of reservation %s: %s',
        lower(TG_OP), v_row.id, v_row.status));
    RETURN NULL;
END $$;

CREATE FUNCTION {schema}.guard_movement() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {schema}.refuse_writer('I6', format('insert of a movement of %s place(s) %s -> %s',
        NEW.quantity, coalesce(NEW.from_state, 'outside'), coalesce(NEW.to_state, 'outside')));
    RETURN NULL;
END $$;

CREATE TRIGGER i6_allocation
    BEFORE INSERT OR DELETE ON {schema}.events_sectiontickettype FOR EACH ROW
    WHEN (current_setting('fullhouse.engine', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION {schema}.guard_allocation();
CREATE TRIGGER i6_allocation_update
    BEFORE UPDATE ON {schema}.events_sectiontickettype FOR EACH ROW
    WHEN (current_setting('fullhouse.engine', true) IS DISTINCT FROM 'on' AND (
        (OLD.allocated_capacity, OLD.available_capacity, OLD.unseated_available,
         OLD.reserved_capacity, OLD.sold_capacity, OLD.section_id, OLD.performance_id)
        IS DISTINCT FROM
        (NEW.allocated_capacity, NEW.available_capacity, NEW.unseated_available,
         NEW.reserved_capacity, NEW.sold_capacity, NEW.section_id, NEW.performance_id)))
    EXECUTE FUNCTION {schema}.guard_allocation();
CREATE TRIGGER i6_seat
    BEFORE INSERT OR DELETE ON {schema}.events_seat FOR EACH ROW
    WHEN (current_setting('fullhouse.engine', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION {schema}.guard_seat();
CREATE TRIGGER i6_seat_update
    BEFORE UPDATE ON {schema}.events_seat FOR EACH ROW
    WHEN (current_setting('fullhouse.engine', true) IS DISTINCT FROM 'on' AND (
        (OLD.status, OLD.allocation_id, OLD.section_id, OLD.performance_id)
        IS DISTINCT FROM (NEW.status, NEW.allocation_id, NEW.section_id, NEW.performance_id)))
    EXECUTE FUNCTION {schema}.guard_seat();
CREATE TRIGGER i6_line
    BEFORE INSERT OR UPDATE OR DELETE ON {schema}.events_reservationline FOR EACH ROW
    WHEN (current_setting('fullhouse.engine', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION {schema}.guard_line();
CREATE TRIGGER i6_reservation
    BEFORE INSERT OR DELETE ON {schema}.events_reservation FOR EACH ROW
    WHEN (current_setting('fullhouse.engine', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION {schema}.guard_reservation();
CREATE TRIGGER i6_reservation_update
    BEFORE UPDATE ON {schema}.events_reservation FOR EACH ROW
    WHEN (current_setting('fullhouse.engine', true) IS DISTINCT FROM 'on' AND (
        (OLD.status, OLD.kind, OLD.expires_at, OLD.performance_id)
        IS DISTINCT FROM (NEW.status, NEW.kind, NEW.expires_at, NEW.performance_id)))
    EXECUTE FUNCTION {schema}.guard_reservation();
CREATE TRIGGER i6_movement
    BEFORE INSERT ON {schema}.events_movement FOR EACH ROW
    WHEN (current_setting('fullhouse.engine', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION {schema}.guard_movement();
