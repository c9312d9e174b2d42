"""The past is what it was: after each step of a random history, and exactly now at its end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from fullhouse.events.domain import time_machine
from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.domain.house import Movement
from fullhouse.events.domain.ids import uuid7
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.expire import expire
from fullhouse.events.services.house import house
from fullhouse.events.services.reallocate import reallocate
from fullhouse.events.services.refund import refund
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Places, SeatRequest, reserve
from fullhouse.events.services.resize import resize_allocation
from fullhouse.events.services.time_machine import HouseAt, house_at

from .conftest import Hall
from .houses import Part, build, make_overdue, sell_beyond

Picture = dict[str, Any]


def clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
        return now


def live(performance_id: UUID) -> Picture:
    """Return the counters and seats as the tables have them now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, allocated_capacity, available_capacity, unseated_available,"
            " reserved_capacity, sold_capacity FROM events_sectiontickettype"
            " WHERE performance_id = %s",
            [performance_id],
        )
        counters = {row[0]: row[1:] for row in cursor.fetchall() if row[1:] != (0,) * 5}
        cursor.execute(
            "SELECT id, allocation_id, status FROM events_seat WHERE performance_id = %s",
            [performance_id],
        )
        return {"counters": counters, "seats": {row[0]: row[1:] for row in cursor.fetchall()}}


def picture(found: HouseAt) -> Picture:
    """Return an answer in the shape of `live`."""
    counters = {}
    for section in found.sections:
        for one in section.allocations:
            p = one.places
            counters[one.allocation_id] = (
                p.capacity,
                p.available,
                p.unseated,
                p.reserved,
                p.sold,
            )
    seats = {seat.seat_id: (seat.allocation_id, seat.status) for seat in found.seats}
    return {
        "counters": {key: value for key, value in counters.items() if value != (0,) * 5},
        "seats": seats,
    }


def replayed(performance_id: UUID) -> tuple[list[time_machine.Timed], dict[UUID, UUID]]:
    """Return the ledger with its instants, and where the seats of now are: all the twin knows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at, allocation_id, seat_id, reservation_id, from_state, to_state, quantity,"
            " operation FROM events_movement WHERE performance_id = %s ORDER BY at, id",
            [performance_id],
        )
        ledger = [time_machine.Timed(row[0], Movement(*row[1:])) for row in cursor.fetchall()]
    return ledger, {key: row[0] for key, row in live(performance_id)["seats"].items()}


def twin_picture(
    ledger: list[time_machine.Timed], seats: dict[UUID, UUID], at: datetime
) -> Picture:
    """Return the twin's answer in the shape of `live`."""
    counters = {}
    for key, p in time_machine.counters_at(ledger, seats, at).items():
        places = (p.available + p.reserved + p.sold, p.available, p.unseated, p.reserved, p.sold)
        if places != (0,) * 5:
            counters[key] = places
    return {"counters": counters, "seats": time_machine.seats_at(ledger, seats, at)}


number = st.integers(0, 99)
step = st.one_of(
    st.tuples(st.just("hold"), number, st.integers(1, 3)),
    st.tuples(st.just("hold_seat"), number),
    st.tuples(st.sampled_from(["confirm", "release", "refund", "overdue"]), number),
    st.tuples(st.just("house"), number),
    st.tuples(st.just("move_seat"), number, number),
    st.tuples(st.just("resize"), number, st.integers(-2, 2)),
    st.tuples(st.just("drop_seat"), number),
    st.tuples(st.just("beyond"), number),
)


class History:
    """A small hall, and what is known of it along the way."""

    def __init__(self, performance_id: UUID, allocations: list[UUID], seats: list[UUID]) -> None:
        self.performance_id = performance_id
        self.allocations = allocations
        self.seats = seats
        self.holds: list[UUID] = []

    def take(self, verb: str, first: int, second: int = 0) -> None:
        allocation = self.allocations[first % len(self.allocations)]
        seat = self.seats[first % len(self.seats)]
        named = {"performance_id": self.performance_id}
        if verb == "hold":
            made = reserve(**named, requests=[Places(second, allocation_id=allocation)])
            self.holds.append(made.reservation_id)
        elif verb == "hold_seat":
            self.holds.append(reserve(**named, requests=[SeatRequest(seat)]).reservation_id)
        elif verb == "house":
            house(**named, reason="kept", seat_ids=[seat])
        elif verb == "move_seat":
            kind = self.types[second % len(self.types)]
            origin = live(self.performance_id)["seats"][seat][0]
            reallocate(**named, allocation_id=origin, to_ticket_type_id=kind, seat_ids=[seat])
        elif verb == "resize":
            capacity = live(self.performance_id)["counters"][allocation][0] + second
            resize_allocation(**named, allocation_id=allocation, allocated_capacity=capacity)
        elif verb == "drop_seat":
            origin = live(self.performance_id)["seats"][seat][0]
            capacity = live(self.performance_id)["counters"][origin][0] - 1
            resize_allocation(
                **named, allocation_id=origin, allocated_capacity=capacity, remove_seat_ids=[seat]
            )
        elif verb == "beyond":
            sell_beyond(self.performance_id, allocation, 1)
        elif self.holds:
            key = self.holds[first % len(self.holds)]
            if verb == "overdue":
                make_overdue(key)
                expire(**named)
            else:
                verbs: dict[str, Callable[..., Any]] = {
                    "confirm": confirm,
                    "release": release,
                    "refund": refund,
                }
                verbs[verb](**named, reservation_id=key)

    types: tuple[UUID | None, ...] = ()


@given(st.lists(step, min_size=3, max_size=15))
@settings(max_examples=40)
def test_each_past_instant_is_as_it_was(
    db_committed: None, make_stage: Callable[..., Any], steps: list[tuple[Any, ...]]
) -> None:
    stage = make_stage(types=("Adult", "Student"))
    adult, student = stage.ticket_type_ids
    built = build(stage.performance_id, Part(adult, 8, seats=3), Part(student, 4), Part(None, 5, 2))
    seats = [seat for part in built.seat_ids for seat in part]
    history = History(stage.performance_id, list(built.allocation_ids), seats)
    history.types = (adult, student, None)
    past = [(clock(), live(stage.performance_id))]
    for verb, *arguments in steps:
        try:
            history.take(verb, *arguments)
        except (Refusal, InvalidRequest, KeyError):
            continue  # the house said no, or the seat is gone: nothing moved
        past.append((clock(), live(stage.performance_id)))
    for at, was in past:
        assert picture(house_at(performance_id=stage.performance_id, at=at)) == was
    assert picture(house_at(performance_id=stage.performance_id)) == live(stage.performance_id)
    ledger, seats_now = replayed(stage.performance_id)
    for at in (*(at for at, _ in past), *(entry.at for entry in ledger)):
        twin = twin_picture(ledger, seats_now, at)
        assert twin == picture(house_at(performance_id=stage.performance_id, at=at))


def test_sums_and_labels(hall: Hall) -> None:
    before = clock()
    reserve(performance_id=hall.performance_id, requests=[SeatRequest(hall.adult_seats[0])])
    now = house_at(performance_id=hall.performance_id)
    assert (now.places.capacity, now.places.available, now.places.reserved) == (21, 20, 1)
    (section,) = now.sections
    assert section.name == "Stalls"
    assert [one.ticket_type for one in section.allocations] == ["Adult", "Student", None]
    states = {(seat.row_number, seat.seat_number): seat.status for seat in now.seats}
    assert states["R0", "1"] == "reserved"
    then = house_at(performance_id=hall.performance_id, at=before)
    assert {seat.status for seat in then.seats} == {"available"}
    assert house_at(performance_id=hall.performance_id, at=before, with_seats=False).seats == ()


def test_before_the_house_was_built_there_is_nothing(hall: Hall) -> None:
    found = house_at(performance_id=hall.performance_id, at=datetime(2020, 1, 1, tzinfo=UTC))
    assert (found.sections, found.seats, found.places.capacity) == ((), (), 0)


def test_what_cannot_be_asked(hall: Hall) -> None:
    for at in (datetime(2020, 1, 1), clock() + timedelta(days=1)):
        with pytest.raises(InvalidRequest):
            house_at(performance_id=hall.performance_id, at=at)
    with pytest.raises(Refusal):
        house_at(performance_id=uuid7())
