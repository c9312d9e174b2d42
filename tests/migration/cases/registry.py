"""All cases by name.

A case fills a house and returns a performance with a check of its picture. The same checks hold
the oracle and the product: see test_cases.
"""

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

from ..builders import House
from ..picture import Picture

Check = Callable[[Picture], None]
Case = Callable[[House], tuple[UUID, Check]]

CASES: dict[str, Case] = {}
SPECIAL: dict[str, House] = {}


def case(function: Case) -> Case:
    """Register a case under its name."""
    CASES[function.__name__] = function
    return function


def in_a(house: House) -> Callable[[Case], Case]:
    """Register a case that needs a house of its own kind."""

    def register(function: Case) -> Case:
        SPECIAL[function.__name__] = house
        return case(function)

    return register


def prices(picture: Picture, reference: str | None) -> list[Decimal]:
    """The prices of a booking's places, lowest first."""
    found = [
        price
        for one, places in picture.taken.items()
        if one.reference == reference
        for price in [one.price] * places
        if price is not None
    ]
    return sorted(found)
