-- keep_rules_flag_v1: put a performance's has_rules right: whether a sales rule speaks of it, or a sales
-- channel has places set aside. Whoever writes the flag, the trigger has_rules_is_true decides its value.
-- Locks: the performance, so that of two changes at once the second sees the first.
CREATE FUNCTION {schema}.keep_rules_flag_v1(p_performance uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM {schema}.events_eventperformance WHERE id = p_performance FOR NO KEY UPDATE;
    UPDATE {schema}.events_eventperformance SET has_rules = NOT has_rules
        WHERE id = p_performance AND has_rules <> {schema}.has_rules_v1(p_performance);
END $$;
