-- A performance's `plan_version` rises whenever its set of seats, their labels, their order, their flags
-- or their coordinates change, whoever does it: who addresses seats by (plan version, ordinal), or has
-- kept the plan of a version, is told of every change. The order is
-- section position, section id, row_rank, seat_rank, seat id. Once a transaction and performance is enough, as
-- nobody else sees the steps between. Seats sold, held or moved to another allocation change nothing:
-- the row trigger's WHEN costs them a few comparisons of columns.
-- `fullhouse.plan_version` = 'given' leaves it alone: a fixture brings the version with its seats.
-- Locks: the performance, which every structural function has locked before.
CREATE FUNCTION {schema}.raise_plan_version() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('fullhouse.plan_version', true) IS DISTINCT FROM 'given' THEN
        UPDATE {schema}.events_eventperformance AS p SET plan_version = p.plan_version + 1
            WHERE p.id IN (SELECT DISTINCT c.performance_id FROM changed AS c);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION {schema}.raise_plan_version_once() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    v_given text := current_setting('fullhouse.plan_version', true);
    v_mark text := NEW.performance_id || ' ' || pg_current_xact_id();
BEGIN
    IF v_given IS DISTINCT FROM 'given' AND v_given IS DISTINCT FROM v_mark THEN
        PERFORM set_config('fullhouse.plan_version', v_mark, true);
        UPDATE {schema}.events_eventperformance SET plan_version = plan_version + 1
            WHERE id = NEW.performance_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER plan_version_insert
    AFTER INSERT ON {schema}.events_seat REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.raise_plan_version();
CREATE TRIGGER plan_version_delete
    AFTER DELETE ON {schema}.events_seat REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.raise_plan_version();
CREATE TRIGGER plan_version_update
    AFTER UPDATE ON {schema}.events_seat FOR EACH ROW
    WHEN ((OLD.row_number, OLD.seat_number, OLD.row_rank, OLD.seat_rank, OLD.section_id,
            OLD.is_accessible, OLD.is_companion, OLD.is_premium, OLD.has_restricted_view, OLD.x, OLD.y)
        IS DISTINCT FROM
        (NEW.row_number, NEW.seat_number, NEW.row_rank, NEW.seat_rank, NEW.section_id,
            NEW.is_accessible, NEW.is_companion, NEW.is_premium, NEW.has_restricted_view, NEW.x, NEW.y))
    EXECUTE FUNCTION {schema}.raise_plan_version_once();
CREATE TRIGGER plan_version_section
    AFTER UPDATE ON {schema}.events_eventsection FOR EACH ROW
    WHEN (OLD.position <> NEW.position)
    EXECUTE FUNCTION {schema}.raise_plan_version_once();
