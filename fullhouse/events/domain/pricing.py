"""Price arithmetic: exact decimals, rounded once, to the currency's minor unit."""

from decimal import ROUND_HALF_UP, Decimal

# ISO 4217 exponents that differ from 2. Prices are stored with two decimals, so that currencies
# with three are sold in steps of 0.01.
_MINOR_UNITS = {"IRR": 0, "JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "XAF": 0, "XOF": 0}


def minor_units(currency: str) -> int:
    """Return how many decimals an amount in this currency has (at most 2)."""
    return _MINOR_UNITS.get(currency, 2)


def final_price(base_price: Decimal, price_modifier: Decimal, currency: str) -> Decimal:
    """Return base price x modifier, half a minor unit rounded up, as it is sold.

    The SQL twin is `final_price(numeric, numeric, text)`; a test holds them equal.
    """
    step = Decimal(1).scaleb(-minor_units(currency))
    return (base_price * price_modifier).quantize(step, rounding=ROUND_HALF_UP)
