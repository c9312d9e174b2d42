"""The numbered places of a section, row by row, a page of rows at a time."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.paginator import Page, Paginator

from fullhouse.events.models import Seat
from fullhouse.events.services.availability import free_seats

ROWS_PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class SeatMark:
    """One seat as the plan shows it; `price` only of one that can be had now."""

    id: UUID
    number: str
    status: str
    accessible: bool
    companion: bool
    premium: bool
    restricted: bool
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row and its seats, in the order of the house."""

    label: str
    seats: tuple[SeatMark, ...]

    @property
    def available(self) -> int:
        return sum(seat.status == Seat.Status.AVAILABLE for seat in self.seats)


def row_page(performance_id: UUID, section_id: UUID, number: str | None) -> Page[tuple[int, str]]:
    """Return one page of row labels in the order of the house; a wrong number gives a near one."""
    labels = (
        Seat.objects.filter(performance=performance_id, section=section_id)
        .order_by("row_rank", "row_number")
        .values_list("row_rank", "row_number")
        .distinct()
    )
    return Paginator(labels, ROWS_PER_PAGE).get_page(number)


def rows_of(performance_id: UUID, section_id: UUID, page: Page[tuple[int, str]]) -> list[Row]:
    """Return the rows of that page with their seats, in two queries.

    Seats in a hold past its deadline are available.
    """
    labels = [label for _, label in page]
    free = free_seats(performance_id=performance_id, section_id=section_id)
    prices = {seat.seat_id: seat.price for seat in free}
    rows: dict[str, list[SeatMark]] = {label: [] for label in labels}
    found = Seat.objects.filter(
        performance=performance_id, section=section_id, row_number__in=labels
    ).order_by("seat_rank", "seat_number")
    for seat in found:
        status = Seat.Status.AVAILABLE if seat.pk in prices else seat.status
        rows[seat.row_number].append(
            SeatMark(
                id=seat.pk,
                number=seat.seat_number,
                status=status,
                accessible=seat.is_accessible,
                companion=seat.is_companion,
                premium=seat.is_premium,
                restricted=seat.has_restricted_view,
                price=prices.get(seat.pk),
            )
        )
    return [Row(label, tuple(marks)) for label, marks in rows.items()]
