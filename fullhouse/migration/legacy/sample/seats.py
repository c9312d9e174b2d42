"""Dirt in the seat rows of one performance: spellings, twins, types, prices, deletions."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import groupby

from fullhouse.migration.legacy.sample.dirt import Dealer
from fullhouse.migration.legacy.sample.names import (
    BLANKS,
    ODD_STATUSES,
    arabic_digits,
    persian_digits,
    spellings,
)
from fullhouse.migration.legacy.sample.rows import SeatRow

_OTHER_STATUS = {
    "available": "sold",
    "sold": "available",
    "reserved": "blocked",
    "blocked": "reserved",
}
_OTHER_CURRENCY = {"IRR": "USD", "USD": "EUR", "EUR": "IRR"}
_TWINS = ("twin_exact", "twin_spelling", "twin_contradicting", "twin_both_sold")


def soil_seats(
    rng: random.Random, dealer: Dealer, seats: list[SeatRow], foreign_types: Sequence[str]
) -> None:
    """Put the dirt of kinds 1, 2, 4, 8 and 9 into clean seats; their number stays."""
    for _, group in groupby(list(seats), key=lambda seat: seat.section):
        _soil_section(rng, dealer, list(group))
    _make_twins(rng, dealer, seats)
    for seat in _some(rng, dealer, "seat_type_null", seats):
        seat.type_id = None
    if foreign_types:
        for seat in _some(rng, dealer, "seat_type_foreign", seats):
            seat.type_id = rng.choice(foreign_types)
    for seat in _some(rng, dealer, "price_zero", seats):
        seat.price = "0.00"
    for seat in _some(rng, dealer, "price_negative", seats):
        seat.price = "-5.00"
    for seat in _some(rng, dealer, "seat_inactive", seats):
        seat.active = False


def odd_statuses(rng: random.Random, dealer: Dealer, seats: Sequence[SeatRow]) -> None:
    """Give seats that no booking needs a status outside the list (kind 3)."""
    free = [seat for seat in seats if seat.status == "available"]
    for seat in _some(rng, dealer, "status_unknown", free):
        seat.status = rng.choice(ODD_STATUSES)


def _some(rng: random.Random, dealer: Dealer, kind: str, seats: Sequence[SeatRow]) -> list[SeatRow]:
    return rng.sample(seats, dealer.share(kind, len(seats)))


def _make_twins(rng: random.Random, dealer: Dealer, seats: list[SeatRow]) -> None:
    """Turn the last seats of the performance into second rows of earlier ones."""
    rows = len(seats)
    kinds = [kind for kind in _TWINS for _ in range(dealer.share(kind, rows))]
    for kind in kinds[rows // 2 :]:
        dealer.give_back(kind)
    del kinds[rows // 2 :]
    sources = rng.sample(range(rows - len(kinds)), len(kinds))
    for kind, source, place in zip(kinds, sources, range(rows - len(kinds), rows), strict=True):
        first, twin = seats[source], seats[place]
        twin.section, twin.row, twin.number = first.section, first.row, first.number
        twin.type_id, twin.type_at = first.type_id, first.type_at
        twin.price, twin.currency, twin.status = first.price, first.currency, first.status
        if kind == "twin_spelling":
            twin.number = _other_number(rng, first.number)
        elif kind == "twin_contradicting":
            twin.status = _OTHER_STATUS[str(first.status)]
        elif kind == "twin_both_sold":
            first.status = twin.status = "sold"
            twin.row = persian_digits(first.row)


def _other_number(rng: random.Random, number: str) -> str:
    others = {number.lstrip("0"), persian_digits(number), arabic_digits(number), f"{number} "}
    return rng.choice(sorted(others - {number}))


def _soil_section(rng: random.Random, dealer: Dealer, seats: list[SeatRow]) -> None:
    if dealer.hit("section_prices"):
        dear = f"{float(seats[0].price) * 1.1:.2f}"
        for seat in seats[::3]:
            seat.price = dear
    if dealer.hit("section_currencies"):
        other = _OTHER_CURRENCY[seats[0].currency]
        for seat in seats[::4]:
            seat.currency = other
    if dealer.hit("section_spelling"):
        others = spellings(seats[0].section)
        chosen = rng.sample(others, min(3, len(others)))
        for seat in seats[::2]:
            seat.section = rng.choice(chosen)
    elif dealer.hit("section_blank"):
        for seat in seats:
            seat.section = rng.choice(BLANKS)
