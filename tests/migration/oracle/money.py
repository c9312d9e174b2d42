"""What each place of a booking cost, so that the booking's money stays what it was."""

from dataclasses import dataclass
from decimal import Decimal

CENT = Decimal("0.01")


@dataclass(slots=True)
class Place:
    """One place of a booking; `named` if the booking gives it a price of its own."""

    price: Decimal
    named: bool


def settle(places: list[Place], total: Decimal | None) -> bool:
    """Make the places cost `total`; True if the prices already add up to it, or cannot.

    Named places keep their prices where the others can carry the difference; else all share.
    Cents that do not divide go one each to the first places.
    """
    if total is None or total < 0 or sum(place.price for place in places) == total:
        return True
    others = [place for place in places if not place.named]
    named = sum((place.price for place in places if place.named), Decimal(0))
    if others and named <= total:
        _share(others, total - named)
    elif places:
        _share(places, total)
    return False


def _share(places: list[Place], amount: Decimal) -> None:
    cents = int(amount / CENT)
    each, rest = divmod(cents, len(places))
    for index, place in enumerate(places):
        place.price = (each + (index < rest)) * CENT
