-- has_rules_v1: whether a sale of this performance has more to look at than what is free: a sales
-- rule, or places that a sales channel has set aside. Reads only.
CREATE FUNCTION {schema}.has_rules_v1(p_performance uuid) RETURNS boolean
LANGUAGE sql VOLATILE AS $$
    SELECT EXISTS (SELECT FROM {schema}.events_salesrule WHERE performance_id = p_performance)
        OR EXISTS (SELECT FROM {schema}.events_reservation WHERE performance_id = p_performance
                   AND kind = 'channel' AND status = 'reserved')
$$;
