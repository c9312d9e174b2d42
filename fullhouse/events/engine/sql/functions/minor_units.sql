-- minor_units(currency) -> integer: how many decimals an amount of this currency has (at most two:
-- prices are stored with two). The currencies without decimals of ISO 4217, and IRR: the standard gives
-- the rial two, nobody has paid a dinar for decades. Twin: domain/pricing.py.
CREATE FUNCTION {schema}.minor_units(p_currency text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN p_currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'IRR', 'ISK', 'JPY', 'KMF', 'KRW',
        'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 0 ELSE 2 END
$$;
