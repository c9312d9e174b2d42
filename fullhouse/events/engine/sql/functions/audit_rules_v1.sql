-- audit_rules_v1: the part of audit_v1 about has_rules: a performance with a sales rule, or with places that
-- a sales channel has set aside, says so; otherwise sales would not look at them. Its rule is named `rules`.
CREATE FUNCTION {schema}.audit_rules_v1(p_performance uuid)
RETURNS TABLE (
    rule text, table_name text, id uuid, performance_id uuid, expected text, found text
)
LANGUAGE plpgsql STABLE
SET plan_cache_mode TO force_custom_plan AS $$
BEGIN
    RETURN QUERY
        SELECT 'rules', 'events_eventperformance', p.id, p.id,
               'has_rules: a sales rule or a channel''s places are to be looked at', 'not has_rules'
        FROM {schema}.events_eventperformance AS p
        WHERE (p_performance IS NULL OR p.id = p_performance) AND NOT p.has_rules
          AND p.id IN (
              SELECT r.performance_id FROM {schema}.events_salesrule AS r
              UNION ALL
              SELECT c.performance_id FROM {schema}.events_reservation AS c
              WHERE (p_performance IS NULL OR c.performance_id = p_performance)
                AND c.kind = 'channel' AND c.status = 'reserved');
END $$;
