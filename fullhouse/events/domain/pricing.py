"""Price arithmetic: exact decimals, rounded once, to the currency's minor unit.

A price is made once, when the places are held, and kept with the line; nothing computes it again.
"""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final

# ISO 4217 without decimals, and IRR: the standard gives the rial two, nobody has paid a dinar for
# decades. Prices are stored with two decimals, so that currencies with three are sold in steps
# of 0.01. SQL twin: `minor_units`.
WITHOUT_DECIMALS: Final = frozenset(
    {
        *("BIF", "CLP", "DJF", "GNF", "IRR", "ISK", "JPY", "KMF", "KRW"),
        *("PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
    }
)
# What Iranians count in: ten rials. Not a currency of its own: amounts are kept in rials.
TOMAN: Final = "IRT"
RIALS_PER_TOMAN: Final = 10


def minor_units(currency: str) -> int:
    """Return how many decimals an amount in this currency has (at most 2)."""
    return 0 if currency in WITHOUT_DECIMALS else 2


def final_price(base_price: Decimal, price_modifier: Decimal, currency: str) -> Decimal:
    """Return base price x modifier, half a minor unit rounded up: the price of one ticket.

    The SQL twin is `final_price(numeric, numeric, text)`; a test holds them equal.
    """
    return (base_price * price_modifier).quantize(_step(currency), rounding=ROUND_HALF_UP)


def line_amount(unit_price: Decimal, quantity: int, places_per_ticket: int = 1) -> Decimal:
    """Return what `quantity` places cost at `unit_price` for a ticket of so many places.

    Lines are whole tickets, so that this is exact. The SQL twin is `line_amount_v1`.
    """
    return unit_price * (quantity // places_per_ticket)


def shares(price: Decimal, parts: int, currency: str) -> list[Decimal]:
    """Split a price exactly: equal shares in minor units, the first has the rest."""
    share = (price / parts).quantize(_step(currency), rounding=ROUND_DOWN)
    return [price - share * (parts - 1)] + [share] * (parts - 1)


def shown(amount: Decimal, currency: str, *, toman: bool = False) -> tuple[Decimal, str]:
    """Return an amount as people read it, with its unit: in its minor unit, or rials as Toman.

    Ten rials are a Toman; an odd rial stays, as a decimal: nothing is rounded for display.
    """
    if toman and currency == "IRR":
        tomans = amount / RIALS_PER_TOMAN
        whole = tomans == tomans.to_integral_value()
        return tomans.quantize(Decimal(1) if whole else Decimal("0.1")), TOMAN
    return amount.quantize(_step(currency)), currency


def _step(currency: str) -> Decimal:
    return Decimal(1).scaleb(-minor_units(currency))
