"""Find a seat or a reservation by what a person has in hand: a reference, a seat's label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Func, Q, TextField

from fullhouse.events.domain.names import name_key, seat_key
from fullhouse.events.engine.sql_files import schema
from fullhouse.events.models import Reservation, Seat
from fullhouse.language.fields import latin

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
    references = {wanted, latin(wanted).upper()}
    if performance_id is None:
        found = Reservation.objects.filter(reference__in=references)
        return Hits(tuple(found.select_related("performance__event")[:MOST]), ())
    rows = Reservation.objects.filter(performance=performance_id).filter(
        Q(reference__in=references) | (Q(customer=wanted) & ~Q(customer=""))
    )
    reservations = tuple(rows.select_related("performance__event").order_by("-id")[:MOST])
    return Hits(reservations, _seats(wanted, performance_id))


def _seats(text: str, performance_id: UUID) -> tuple[Seat, ...]:
    """Find seats by row and number, in whatever letters and digits these are written."""
    plain = text.translate(_DASHES)
    row, dash, number = plain.rpartition("-" if "-" in plain else " ")
    if not dash or not number.strip():
        return ()
    seats = Seat.objects.filter(performance=performance_id).annotate(
        row_key=_key("name_key", "row_number"), number_key=_key("seat_key", "seat_number")
    )
    found = seats.filter(row_key=name_key(row), number_key=seat_key(number))
    order = ("section__position", "row_rank", "seat_rank")
    return tuple(found.select_related("section").order_by(*order)[:MOST])


def _key(function: str, column: str) -> Func:
    return Func(F(column), function=f"{schema()}.{function}", output_field=TextField())
