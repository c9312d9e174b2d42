-- final_price(base, modifier, currency) -> numeric: what one place costs, in the currency's unit,
-- rounded half up to its minor unit (at most two decimals). Twin: domain/pricing.py.
CREATE FUNCTION {schema}.final_price(p_base numeric, p_modifier numeric, p_currency text)
RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT round(p_base * p_modifier, CASE
        WHEN p_currency IN ('IRR', 'JPY', 'KRW', 'VND', 'CLP', 'ISK', 'XAF', 'XOF') THEN 0 ELSE 2
    END)
$$;
