"""Sections drawn as pictures, for the tests of choosing seats.

One mark a seat, one line a row: `o` free, `x` kept by the house, `e` in a hold past its deadline,
`a` accessible, `c` companion, `r` restricted view, `p` of the pool; a blank is an aisle.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from fullhouse.events.domain.configuration import HousePlan
from fullhouse.events.domain.seat_choice import RowSeat
from fullhouse.events.services.house import house
from fullhouse.events.services.open_performance import open_performance
from fullhouse.events.services.reserve import SeatRequest, reserve

from .houses import make_overdue


@dataclass(frozen=True, slots=True)
class Drawn:
    """A performance of one section; `seats` by (row rank, seat rank), both from 1."""

    performance_id: UUID
    section_id: UUID
    ticket_type_id: UUID
    allocation_ids: tuple[UUID, ...]
    seats: dict[tuple[int, int], UUID]

    def ids(self, row: int, *ranks: int) -> list[UUID]:
        return [self.seats[row, rank] for rank in ranks]

    def asked(self, row: int, *ranks: int, accessible: bool = False) -> list[SeatRequest]:
        return [SeatRequest(seat, accessible=accessible) for seat in self.ids(row, *ranks)]

    def ranks(self, seat_ids: Any) -> list[tuple[int, int]]:
        named = {key: place for place, key in self.seats.items()}
        return sorted(named[seat] for seat in seat_ids)


def draw(make_stage: Callable[..., Any], *rows: str, orphan_rule: bool = False) -> Drawn:
    """Open a performance of these rows; `x` is set aside, `e` is held and overdue."""
    stage = make_stage(total_capacity=2000)
    adult = stage.ticket_type_ids[0]
    marks = [mark for row in rows for mark in row if mark != " "]
    kinds = {kind: marks.count("p") if kind is None else len(marks) - marks.count("p")
             for kind in (adult, None)}  # fmt: skip
    section = {
        "name": "Stalls", "total_capacity": len(marks), "base_price": "20.00", "currency": "USD",
        "ticket_types": [{"ticket_type_id": kind and str(kind), "allocated_capacity": places}
                         for kind, places in kinds.items() if places],
        "seats": [_seat(row, place, mark, adult) for row, picture in enumerate(rows, start=1)
                  for place, mark in enumerate(picture, start=1) if mark != " "],
    }  # fmt: skip
    opened = open_performance(
        performance_id=stage.performance_id,
        plan=HousePlan.from_configuration({"sections": [section]}),
    )
    made = opened.sections[0]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE events_eventsection SET orphan_rule = %s WHERE id = %s",
            [orphan_rule, made.section_id],
        )
        # An aisle is a gap in the ranks; a plan that lists seats alone cannot say one.
        cursor.execute(
            "UPDATE events_seat SET seat_rank = seat_number::integer WHERE section_id = %s",
            [made.section_id],
        )
        cursor.execute(
            "SELECT row_rank, seat_rank, id FROM events_seat WHERE section_id = %s",
            [made.section_id],
        )
        seats = {(row, rank): UUID(str(key)) for row, rank, key in cursor.fetchall()}
    drawn = Drawn(stage.performance_id, made.section_id, adult,
                  tuple(each.allocation_id for each in made.allocations), seats)  # fmt: skip
    _occupy(drawn, rows)
    return drawn


def _seat(row: int, place: int, mark: str, adult: UUID) -> dict[str, Any]:
    return {
        "row_number": f"R{row}",
        "seat_number": str(place),
        "ticket_type_id": None if mark == "p" else str(adult),
        "is_accessible": mark == "a",
        "is_companion": mark == "c",
        "has_restricted_view": mark == "r",
    }


def _occupy(drawn: Drawn, rows: tuple[str, ...]) -> None:
    def marked(wanted: str) -> list[UUID]:
        return [
            drawn.seats[row, place]
            for row, picture in enumerate(rows, start=1)
            for place, mark in enumerate(picture, start=1)
            if mark == wanted
        ]

    if taken := marked("x"):
        house(performance_id=drawn.performance_id, seat_ids=taken, reason="camera")
    if overdue := marked("e"):
        held = reserve(
            performance_id=drawn.performance_id,
            requests=[SeatRequest(seat, accessible=True) for seat in overdue],
        )
        make_overdue(held.reservation_id)


def twin_rows(rows: tuple[str, ...], drawn: Drawn) -> dict[int, list[RowSeat]]:
    """Return the same rows for the pure choice."""
    return {
        row: [
            RowSeat(
                drawn.seats[row, place], place, free=mark != "x",
                allocation=None if mark == "p" else "adult",
                accessible=mark == "a", companion=mark == "c", restricted=mark == "r",
            )
            for place, mark in enumerate(picture, start=1)
            if mark != " "
        ]
        for row, picture in enumerate(rows, start=1)
    }  # fmt: skip


PRICE = Decimal("20.00")
