"""The numbered places of a section, row by row, a page of rows at a time."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator

from fullhouse.events.models import Seat

ROWS_PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class SeatMark:
    """One seat as the plan shows it."""

    number: str
    status: str
    accessible: bool
    companion: bool


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
    """Return the rows of that page with their seats, in one query."""
    labels = [label for _, label in page]
    seats: dict[str, list[SeatMark]] = {label: [] for label in labels}
    found = Seat.objects.filter(
        performance=performance_id, section=section_id, row_number__in=labels
    ).order_by("seat_rank", "seat_number")
    columns = ("row_number", "seat_number", "status", "is_accessible", "is_companion")
    for label, *mark in found.values_list(*columns):
        seats[label].append(SeatMark(*mark))
    return [Row(label, tuple(marks)) for label, marks in seats.items()]
