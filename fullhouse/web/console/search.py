"""Find a seat or a reservation by what a person has in hand: a reference, a seat's label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from fullhouse.events.models import Reservation, Seat

MOST: Final = 25
_DASHES: Final = str.maketrans("–—−/", "----")


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, at most `MOST` of each."""

    reservations: tuple[Reservation, ...]
    seats: tuple[Seat, ...]

    @property
    def only(self) -> Reservation | Seat | None:
        """The one thing found, where it is one."""
        both: tuple[Any, ...] = (*self.reservations, *self.seats)
        return both[0] if len(both) == 1 else None

    def __bool__(self) -> bool:
        return bool(self.reservations or self.seats)


def search(text: str, performance_id: UUID | None = None) -> Hits:
    """Look for a reference, a customer, or a seat `A-12` (also `A 12`); Persian digits too.

    In one performance by its indexes; without one only references, exactly.
    """
    wanted = " ".join(text.split())[:100]
    if not wanted:
        return Hits((), ())
    references = {wanted, wanted.upper()}
    if performance_id is None:
        found = Reservation.objects.filter(reference__in=references)
        return Hits(tuple(found.select_related("performance__event")[:MOST]), ())
    rows = Reservation.objects.filter(performance=performance_id).filter(
        Q(reference__in=references) | (Q(customer=wanted) & ~Q(customer=""))
    )
    reservations = tuple(rows.select_related("performance__event").order_by("-id")[:MOST])
    return Hits(reservations, _seats(wanted, performance_id))


def _seats(text: str, performance_id: UUID) -> tuple[Seat, ...]:
    labels = _labels(text)
    if not labels:
        return ()
    named = Q()
    for row, number in labels:
        named |= Q(row_number__iexact=row, seat_number__iexact=number)
    seats = Seat.objects.filter(named, performance=performance_id)
    found = seats.select_related("section").order_by("section__position", "row_rank", "seat_rank")
    return tuple(found[:MOST])


def _labels(text: str) -> list[tuple[str, str]]:
    """Return the ways to read a text as row and number, in the digits given and in Latin ones."""
    plain = text.translate(_DASHES)
    latin = "".join(str(int(one)) if one.isdecimal() else one for one in plain)
    pairs = []
    for spelling in dict.fromkeys((plain, latin)):
        row, dash, number = spelling.rpartition("-" if "-" in spelling else " ")
        if dash and number.strip():
            pairs.append((row.strip(), number.strip()))
    return pairs
