-- require_rule_v1: the values of a sales rule. A limit of more than 100000 tickets limits nothing.
-- SQLSTATE: FH462 a limit, FH463 the window, FH464 nothing is limited.
CREATE FUNCTION {schema}.require_rule_v1(
    p_sales_open_at timestamptz, p_sales_close_at timestamptz,
    p_min_per_order integer, p_max_per_order integer, p_max_per_customer integer
) RETURNS void
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF num_nonnulls(p_sales_open_at, p_sales_close_at, p_min_per_order, p_max_per_order,
            p_max_per_customer) = 0 THEN
        RAISE EXCEPTION 'max_per_order: name a limit or a window; to have none, drop the rule'
            USING ERRCODE = 'FH464';
    ELSIF EXISTS (SELECT FROM unnest(ARRAY[p_min_per_order, p_max_per_order, p_max_per_customer]) AS n
            WHERE n NOT BETWEEN 1 AND 100000) THEN
        RAISE EXCEPTION 'max_per_order: limits are 1 to 100000 tickets' USING ERRCODE = 'FH462';
    ELSIF p_min_per_order > p_max_per_order OR p_min_per_order > p_max_per_customer THEN
        RAISE EXCEPTION 'min_per_order: % is more than the most that one may buy', p_min_per_order
            USING ERRCODE = 'FH462';
    ELSIF p_sales_open_at >= p_sales_close_at THEN
        RAISE EXCEPTION 'sales_close_at: must be after sales_open_at' USING ERRCODE = 'FH463';
    END IF;
END $$;
