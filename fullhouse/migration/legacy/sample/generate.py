"""Generates a sample as a stream of items, event by event, and counts the dirt it puts in."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from itertools import count
from typing import Final

from fullhouse.migration.legacy.reader import Item
from fullhouse.migration.legacy.sample import rows, shapes
from fullhouse.migration.legacy.sample.bookings import BookingOffice
from fullhouse.migration.legacy.sample.dirt import CAPACITIES, CURRENT, WITHOUT_SEATS, Dealer
from fullhouse.migration.legacy.sample.house import (
    House,
    clean_seats,
    event_sizes,
    plan,
    usual_size,
)
from fullhouse.migration.legacy.sample.names import EVENTS, VENUES
from fullhouse.migration.legacy.sample.seats import odd_statuses, soil_seats

#: Part of what identifies a sample: raise it when the same arguments make other rows.
VERSION: Final = 1
_EVENTS_A_VENUE: Final = 5
SEASON_START: Final = date(2025, 9, 1)


class Sample:
    """A sample of `seats` seat rows (1 or more), `dirty` from 0 (none) to 1; iterate once.

    `first_day` is that of each event's first performance; another day changes no other value.
    After the iteration `dirt` says how often each kind of dirt was put in, `rows` the rows of
    each model.
    """

    def __init__(
        self, *, seats: int, dirty: float, seed: int, first_day: date = SEASON_START
    ) -> None:
        self.seats, self.dirty, self.seed, self.first_day = seats, dirty, seed, first_day
        self._rng = random.Random(seed)  # noqa: S311 - repeatable data, not a secret
        self._dealer = Dealer(self._rng, dirty)
        self._office = BookingOffice(self._rng, self._dealer)
        self._numbers = count(1)
        self._venue_id = ""
        self._events_left_in_venue = 0
        self._foreign_types: list[str] = []
        self.rows: Counter[str] = Counter()

    @property
    def sha256(self) -> str:
        """Identifies the rows of this sample; the same arguments give the same."""
        text = f"fullhouse sample {VERSION} {self.seats} {self.dirty!r} {self.seed}"
        if self.first_day != SEASON_START:
            text += f" {self.first_day}"
        return sha256(text.encode()).hexdigest()

    @property
    def dirt(self) -> dict[str, int]:
        return dict(self._dealer.counts)

    def __iter__(self) -> Iterator[Item]:
        for item in self._items():
            self.rows[item.model] += 1
            yield item

    def _items(self) -> Iterator[Item]:
        category_id = rows.new_id(self._rng)
        yield rows.category(category_id)
        for number, (performances, places) in enumerate(event_sizes(self._rng, self.seats), 1):
            house = plan(self._rng, places)
            yield from self._venue(number, places)
            yield from self._event(number, house, category_id)
            typed = not self._dealer.hit("event_without_types")
            if typed:
                yield from self._types(house)
            dates = (self.first_day + timedelta(days=day) for day in count())
            for _ in range(performances):
                yield from self._seated(house, next(dates).isoformat(), typed=typed)
                style = self._dealer.pick(WITHOUT_SEATS)
                if style:
                    yield from self._unseated(house, next(dates).isoformat(), style, typed=typed)
            if typed:
                self._foreign_types = [kind.id for kind in house.types]

    def _venue(self, number: int, places: int) -> Iterator[Item]:
        """A new venue every few events; a too small or a closed one serves one event."""
        small = places > 1 and self._dealer.hit("over_venue")
        closed = self._dealer.hit("venue_inactive")
        self._events_left_in_venue -= 1
        if not (small or closed) and self._events_left_in_venue > 0:
            return
        self._events_left_in_venue = 0 if small or closed else _EVENTS_A_VENUE
        self._venue_id = rows.new_id(self._rng)
        capacity = places // 2 if small else 2 * usual_size(self.seats)
        yield rows.venue(self._venue_id, number, capacity, active=not closed)
        persian, english = VENUES[number % len(VENUES)]
        yield rows.venue_name(next(self._numbers), self._venue_id, "fa", persian)
        yield rows.venue_name(next(self._numbers), self._venue_id, "en", english)

    def _event(self, number: int, house: House, category_id: str) -> Iterator[Item]:
        yield rows.event(
            house.event_id,
            number,
            active=not self._dealer.hit("event_inactive"),
            price=house.price,
            currency=house.currency,
            category=category_id,
            venue=self._venue_id,
        )
        persian, english = EVENTS[number % len(EVENTS)]
        yield rows.event_title(next(self._numbers), house.event_id, "fa", f"{persian} {number}")
        yield rows.event_title(next(self._numbers), house.event_id, "en", f"{english} {number}")

    def _types(self, house: House) -> Iterator[Item]:
        closed = self._dealer.hit("type_inactive")
        unpriced = self._dealer.hit("modifier_zero")
        for at, (kind, part) in enumerate(zip(house.types, house.parts(), strict=True)):
            yield rows.ticket_type(
                kind.id,
                house.event_id,
                active=not (closed and at == 0),
                name=kind.name,
                price_modifier="0.00" if unpriced and at == 0 else kind.kind.modifier,
                capacity=part.places,
                ticket_type=kind.kind.code,
            )

    def _seated(self, house: House, day: str, *, typed: bool) -> Iterator[Item]:
        performance_id = rows.new_id(self._rng)
        seats = clean_seats(self._rng, house, typed=typed)
        soil_seats(self._rng, self._dealer, seats, self._foreign_types)
        bookings = self._office.book(house, performance_id, seats, typed=typed)
        odd_statuses(self._rng, self._dealer, seats)
        used = sum(seat.status in ("sold", "reserved") for seat in seats)
        yield rows.performance(
            performance_id,
            house.event_id,
            day,
            active=not self._dealer.hit("performance_inactive"),
            max_capacity=self._max_capacity(house.places),
            current_capacity=self._current_capacity(house.places, used),
            ticket_capacities=shapes.capacities(
                self._dealer.pick(CAPACITIES), house.parts(), house.places
            ),
        )
        for seat in seats:
            yield rows.seat(seat, performance_id)
        yield from bookings

    def _max_capacity(self, places: int) -> int:
        if not self._dealer.hit("max_capacity_wrong"):
            return places
        return self._rng.choice((places // 2, places + 100, 0, places * 3))

    def _current_capacity(self, places: int, used: int) -> int:
        match self._dealer.pick(CURRENT):
            case "current_capacity_remaining":
                return places - used
            case "current_capacity_wrong":
                return used + 7
            case _:
                return used

    def _unseated(self, house: House, day: str, style: str, *, typed: bool) -> Iterator[Item]:
        """A performance without seat rows: general admission, or with nothing at all."""
        performance_id = rows.new_id(self._rng)
        places = 0 if style == "performance_empty" else house.places
        named = style not in ("performance_empty", "general_admission_max_only")
        highest = {
            "general_admission_below_max": places + places // 4 + 1,
            "general_admission_above_max": places // 2,
        }.get(style, places)
        bookings = self._office.book_places(house, performance_id, highest, typed=typed)
        yield rows.performance(
            performance_id,
            house.event_id,
            day,
            active=True,
            max_capacity=highest,
            current_capacity=sum(
                int(str(booking.fields["participants_count"])) for booking in bookings
            ),
            ticket_capacities=shapes.capacities(None, house.parts() if named else [], places),
        )
        yield from bookings
