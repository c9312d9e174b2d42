-- What readers of a performance see change although no place moved: its status and times, its plan,
-- its prices. `facts.part` says which, `facts.status` the status that it has then. No sale comes
-- through here.
CREATE FUNCTION {schema}.notice_performance() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {schema}.events_notice (id, performance_id, kind, facts)
        VALUES ({schema}.uuid7(), NEW.id, 'performance.changed',
            jsonb_build_object('part', TG_ARGV[0], 'status', NEW.status));
    RETURN NULL;
END $$;

CREATE FUNCTION {schema}.notice_price() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {schema}.events_notice (id, performance_id, kind, facts)
        VALUES ({schema}.uuid7(), NEW.performance_id, 'performance.changed', '{"part": "prices"}');
    RETURN NULL;
END $$;

CREATE TRIGGER notice_status
    AFTER UPDATE OF status, date, start_time, sales_open_at, sales_close_at
    ON {schema}.events_eventperformance FOR EACH ROW
    WHEN ((OLD.status, OLD.date, OLD.start_time, OLD.sales_open_at, OLD.sales_close_at)
        IS DISTINCT FROM
        (NEW.status, NEW.date, NEW.start_time, NEW.sales_open_at, NEW.sales_close_at))
    EXECUTE FUNCTION {schema}.notice_performance('status');
CREATE TRIGGER notice_plan
    AFTER UPDATE OF plan_version ON {schema}.events_eventperformance FOR EACH ROW
    WHEN (OLD.plan_version <> NEW.plan_version)
    EXECUTE FUNCTION {schema}.notice_performance('plan');
CREATE TRIGGER notice_section_price
    AFTER UPDATE OF base_price, currency ON {schema}.events_eventsection FOR EACH ROW
    WHEN ((OLD.base_price, OLD.currency) IS DISTINCT FROM (NEW.base_price, NEW.currency))
    EXECUTE FUNCTION {schema}.notice_price();
CREATE TRIGGER notice_allocation_price
    AFTER UPDATE OF price_modifier ON {schema}.events_sectiontickettype FOR EACH ROW
    WHEN (OLD.price_modifier <> NEW.price_modifier)
    EXECUTE FUNCTION {schema}.notice_price();
