-- final_price(base, modifier, currency) -> numeric: what one ticket costs, in the currency's unit,
-- rounded half up to its minor unit (at most two decimals). Twin: domain/pricing.py.
CREATE FUNCTION {schema}.final_price(p_base numeric, p_modifier numeric, p_currency text)
RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT round(p_base * p_modifier, {schema}.minor_units(p_currency))
$$;
