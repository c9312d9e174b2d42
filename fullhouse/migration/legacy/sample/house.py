"""The plan of an event: its hall, its ticket types, and the clean seats of each performance."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fullhouse.migration.legacy.sample.names import (
    ENGLISH_SECTIONS,
    PERSIAN_SECTIONS,
    TYPES,
    TypeName,
)
from fullhouse.migration.legacy.sample.rows import SeatRow, new_id
from fullhouse.migration.legacy.sample.shapes import Part

SEATS_A_ROW: Final = 20
_USUAL_PERFORMANCE: Final = 1000
_SMALL_PERFORMANCE: Final = 20
#: Small samples are cut into this many performances, so that each kind of dirt finds a place.
_PERFORMANCES: Final = 60
_CURRENCIES: Final = (("IRR", "2500000.00"), ("EUR", "60.00"), ("USD", "100.00"))
#: Shares of the status of a clean seat; the rest is available.
_SOLD, _RESERVED, _BLOCKED = 0.30, 0.05, 0.02


@dataclass(frozen=True, slots=True)
class TicketType:
    """A ticket type of one event with the price of its seats."""

    id: str
    name: str
    kind: TypeName
    price: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its seats name the type at `type_at` of the event's types."""

    name: str
    places: int
    type_at: int


@dataclass(frozen=True, slots=True)
class House:
    """What all performances of one event share."""

    event_id: str
    currency: str
    price: str
    types: tuple[TicketType, ...]
    sections: tuple[Section, ...]
    places: int

    def parts(self) -> list[Part]:
        """The places of each ticket type; they add up to the house."""
        return [
            Part(
                kind.id,
                kind.name,
                kind.kind.code,
                sum(section.places for section in self.sections if section.type_at == at),
            )
            for at, kind in enumerate(self.types)
        ]


def usual_size(seats: int) -> int:
    """The seats of a usual performance in a sample of this size; none has twice as many."""
    return min(_USUAL_PERFORMANCE, max(_SMALL_PERFORMANCE, seats // _PERFORMANCES))


def event_sizes(rng: random.Random, seats: int) -> Iterator[tuple[int, int]]:
    """Cut `seats` into events: yields (performances, seats of each performance)."""
    usual = usual_size(seats)
    left = seats
    while left > 0:
        size = min(left, max(1, round(usual * (0.5 + rng.random()))))
        performances = min(1 + int(rng.random() * 4), left // size)
        yield performances, size
        left -= performances * size


def plan(rng: random.Random, places: int) -> House:
    """Plan an event whose performances have `places` numbered seats each."""
    persian = rng.random() < 0.6
    currency, price = _CURRENCIES[int(rng.random() * len(_CURRENCIES))]
    count = min(2 + int(rng.random() * 3), places)
    names = (PERSIAN_SECTIONS if persian else ENGLISH_SECTIONS)[:count]
    types = tuple(
        TicketType(
            new_id(rng),
            kind.persian if persian else kind.english,
            kind,
            f"{Decimal(price) * Decimal(kind.modifier):.2f}",
        )
        for kind in TYPES[:count]
    )
    sections = tuple(
        Section(name, places * (at + 1) // count - places * at // count, at)
        for at, name in enumerate(names)
    )
    return House(new_id(rng), currency, price, types, sections, places)


def clean_seats(rng: random.Random, house: House, *, typed: bool) -> list[SeatRow]:
    """The seats of one performance, each once, in one spelling, with the price of its type."""
    seats: list[SeatRow] = []
    sold, reserved, blocked = _SOLD, _SOLD + _RESERVED, _SOLD + _RESERVED + _BLOCKED
    for section in house.sections:
        kind = house.types[section.type_at]
        type_id = kind.id if typed else None
        for place in range(section.places):
            luck = rng.random()
            if luck >= blocked:
                status = "available"
            elif luck < sold:
                status = "sold"
            else:
                status = "reserved" if luck < reserved else "blocked"
            seats.append(
                SeatRow(
                    new_id(rng),
                    section.name,
                    str(place // SEATS_A_ROW + 1),
                    f"{place % SEATS_A_ROW + 1:02}",
                    section.type_at,
                    type_id,
                    kind.price,
                    house.currency,
                    status,
                )
            )
    return seats
