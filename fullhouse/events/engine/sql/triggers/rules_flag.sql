-- A performance's has_rules is what the rules say, whoever writes: a form that was opened before a rule
-- was set cannot save the old flag, and a rule that is made, moved or dropped by any hand changes it.
CREATE FUNCTION {schema}.set_has_rules() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.has_rules := {schema}.has_rules_v1(NEW.id);
    RETURN NEW;
END $$;

CREATE TRIGGER has_rules_is_true
    BEFORE UPDATE OF has_rules ON {schema}.events_eventperformance FOR EACH ROW
    WHEN (NEW.has_rules IS DISTINCT FROM OLD.has_rules)
    EXECUTE FUNCTION {schema}.set_has_rules();

CREATE FUNCTION {schema}.salesrule_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {schema}.require_read_committed('sales rules');
    PERFORM {schema}.keep_rules_flag_v1(p.id) FROM (
        SELECT DISTINCT id FROM unnest(ARRAY[
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.performance_id END,
            CASE WHEN TG_OP <> 'DELETE' THEN NEW.performance_id END]) AS id
        WHERE id IS NOT NULL ORDER BY id) AS p;
    RETURN NULL;
END $$;

CREATE TRIGGER salesrule_changed
    AFTER INSERT OR DELETE OR UPDATE OF performance_id ON {schema}.events_salesrule FOR EACH ROW
    EXECUTE FUNCTION {schema}.salesrule_changed();
