"""resize: a new size for a section or an allocation, never below what is used."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import (
    EventPerformance,
    EventSection,
    Movement,
    ReservationLine,
    Seat,
    SectionTicketType,
)
from fullhouse.events.services.audit import audit
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.house import house
from fullhouse.events.services.refund import refund
from fullhouse.events.services.reserve import Places, SeatRequest, reserve
from fullhouse.events.services.resize import resize_allocation, resize_section

from .conftest import Hall
from .houses import Part, build, counters, make_overdue

Refused = Callable[..., Refusal]


def sizes(hall: Hall) -> tuple[int, int]:
    section = EventSection.objects.get(pk=hall.section_id)
    return section.total_capacity, EventPerformance.objects.get(pk=hall.performance_id).max_capacity


def test_growing_adds_places_without_a_seat(hall: Hall) -> None:
    done = resize_allocation(
        performance_id=hall.performance_id,
        allocation_id=hall.adult_places,
        allocated_capacity=15,
        reason="more chairs",
    )

    assert (done.change, done.allocated_capacity, done.total_capacity) == (5, 15, 26)
    assert counters(hall.adult_places) == (15, 11, 0, 0)
    assert sizes(hall) == (26, 26)
    made = Movement.objects.filter(operation="resize", performance=hall.performance_id).get()
    assert (made.from_state, made.to_state, made.quantity) == (None, "available", 5)
    assert audit(performance_id=hall.performance_id) == ()


def test_a_sections_difference_goes_to_its_pool(hall: Hall) -> None:
    resize_section(
        performance_id=hall.performance_id, section_id=hall.section_id, total_capacity=24
    )
    assert counters(hall.pool) == (9, 7, 0, 0)

    done = resize_section(
        performance_id=hall.performance_id, section_id=hall.section_id, total_capacity=18
    )
    assert (done.allocation_id, done.change) == (hall.pool, -6)
    assert counters(hall.pool) == (3, 1, 0, 0)
    assert sizes(hall) == (18, 18)


def test_a_sections_difference_goes_where_it_is_wanted(hall: Hall) -> None:
    resize_section(
        performance_id=hall.performance_id,
        section_id=hall.section_id,
        total_capacity=20,
        allocation_id=hall.student_places,
    )
    assert counters(hall.student_places) == (4, 4, 0, 0)


def test_a_pool_is_made_where_there_is_none(hall: Hall) -> None:
    plain = build(hall.performance_id, Part(hall.adult, 5), name="Circle")

    done = resize_section(
        performance_id=hall.performance_id, section_id=plain.section_id, total_capacity=8
    )

    pool = SectionTicketType.objects.get(pk=done.allocation_id)
    assert (pool.ticket_type_id, pool.allocated_capacity) == (None, 3)
    assert audit(performance_id=hall.performance_id) == ()


def test_below_what_is_used_is_refused_with_numbers(hall: Hall, refused: Refused) -> None:
    held = reserve(
        performance_id=hall.performance_id, requests=[Places(4, allocation_id=hall.adult_places)]
    )
    confirm(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    house(performance_id=hall.performance_id, reason="x", quantities={hall.adult_places: 1})

    said = refused(resize_allocation, allocation_id=hall.adult_places, allocated_capacity=4)
    assert (said.code, said.facts) == (
        "below_committed",
        {
            "scope": "allocation",
            "capacity": 4,
            "committed": 5,
            "reserved_capacity": 1,
            "sold_capacity": 4,
        },
    )
    said = refused(resize_section, section_id=hall.section_id, total_capacity=4)
    assert (said.code, said.facts["scope"]) == ("below_committed", "section")


def test_seats_are_removed_only_by_name(hall: Hall, refused: Refused) -> None:
    said = refused(resize_allocation, allocation_id=hall.adult_places, allocated_capacity=3)
    assert (said.code, said.facts) == (
        "needs_seats",
        {"wanted": 7, "unseated_available": 6, "named": 0, "free_seats": 4},
    )

    resize_allocation(
        performance_id=hall.performance_id,
        allocation_id=hall.adult_places,
        allocated_capacity=3,
        remove_seat_ids=hall.adult_seats[:2],
    )

    assert counters(hall.adult_places) == (3, 1, 0, 0)
    assert Seat.objects.filter(allocation=hall.adult_places).count() == 2
    gone = Movement.objects.filter(performance=hall.performance_id, to_state=None)
    assert sorted((m.seat_id is None, m.quantity) for m in gone) == [
        (False, 1),
        (False, 1),
        (True, 5),
    ]
    assert audit(performance_id=hall.performance_id) == ()


def test_a_seat_with_a_past_is_removed_and_the_ledger_remembers(hall: Hall) -> None:
    seat = hall.adult_seats[0]
    held = reserve(performance_id=hall.performance_id, requests=[SeatRequest(seat)])
    confirm(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    refund(performance_id=hall.performance_id, reservation_id=held.reservation_id)

    resize_allocation(
        performance_id=hall.performance_id,
        allocation_id=hall.adult_places,
        allocated_capacity=9,
        remove_seat_ids=[seat],
    )

    assert ReservationLine.objects.get(pk=held.lines[0].line_id).seat_id is None
    assert Movement.objects.filter(seat_id=seat).count() == 4
    assert audit(performance_id=hall.performance_id) == ()


def test_seats_that_cannot_be_removed_are_named(hall: Hall, refused: Refused) -> None:
    reserve(performance_id=hall.performance_id, requests=[SeatRequest(hall.adult_seats[0])])
    target = {"allocation_id": hall.adult_places, "allocated_capacity": 9}

    assert (
        refused(resize_allocation, **target, remove_seat_ids=[hall.adult_seats[0]]).code
        == "seat_taken"
    )
    said = refused(resize_allocation, **target, remove_seat_ids=[hall.pool_seats[0]])
    assert (said.code, said.facts) == ("seat_elsewhere", {"seat_ids": [str(hall.pool_seats[0])]})


def test_free_places_that_lie_elsewhere_are_not_taken(hall: Hall, refused: Refused) -> None:
    said = refused(resize_section, section_id=hall.section_id, total_capacity=14)
    assert (said.code, said.facts["wanted"], said.facts["available_capacity"]) == (
        "not_enough_here",
        7,
        6,
    )


def test_over_the_venue_is_refused_with_numbers(hall: Hall, refused: Refused) -> None:
    said = refused(resize_section, section_id=hall.section_id, total_capacity=2001)
    assert (said.code, said.facts) == (
        "over_venue",
        {"venue_capacity": 2000, "max_capacity": 21, "added": 1980, "needed": 2001},
    )


def test_holds_past_their_deadline_make_way(hall: Hall) -> None:
    held = reserve(
        performance_id=hall.performance_id, requests=[Places(6, allocation_id=hall.adult_places)]
    )
    make_overdue(held.reservation_id)

    resize_allocation(
        performance_id=hall.performance_id,
        allocation_id=hall.adult_places,
        allocated_capacity=4,
    )

    assert counters(hall.adult_places) == (4, 0, 0, 0)


def test_the_same_size_changes_nothing(hall: Hall) -> None:
    done = resize_section(
        performance_id=hall.performance_id, section_id=hall.section_id, total_capacity=21
    )
    assert done.change == 0
    assert not Movement.objects.filter(performance=hall.performance_id, operation="resize").exists()


def test_unknown_things_are_refused(hall: Hall, refused: Refused) -> None:
    assert refused(resize_section, section_id=uuid4(), total_capacity=5).code == "unknown"
    assert refused(resize_allocation, allocation_id=uuid4(), allocated_capacity=5).code == "unknown"
    elsewhere = build(hall.performance_id, Part(None, 3), name="Circle").allocation_ids[0]
    said = refused(
        resize_section, section_id=hall.section_id, total_capacity=22, allocation_id=elsewhere
    )
    assert (said.code, said.facts["what"]) == ("unknown", "allocation")


def test_the_same_key_resizes_once(hall: Hall, refused: Refused) -> None:
    asked = {"section_id": hall.section_id, "total_capacity": 22, "idempotency_key": "one more"}
    first = resize_section(performance_id=hall.performance_id, **asked)
    second = resize_section(performance_id=hall.performance_id, **asked)

    assert (first.change, second.change, second.replayed) == (1, 1, True)
    assert sizes(hall) == (22, 22)
    assert refused(resize_section, **(asked | {"total_capacity": 23})).code == "key_reused"


@pytest.mark.parametrize("capacity", [-1, True, 2**31, 1.5, None])
def test_what_cannot_be_meant_is_invalid(hall: Hall, capacity: Any) -> None:
    with pytest.raises(InvalidRequest):
        resize_section(
            performance_id=hall.performance_id,
            section_id=hall.section_id,
            total_capacity=capacity,
        )


def test_more_named_seats_than_places_that_go_are_invalid(hall: Hall) -> None:
    with pytest.raises(InvalidRequest, match="2 named, but only 1"):
        resize_allocation(
            performance_id=hall.performance_id,
            allocation_id=hall.adult_places,
            allocated_capacity=9,
            remove_seat_ids=hall.adult_seats[:2],
        )


def test_a_caller_that_checks_constraints_at_once_is_no_hindrance(hall: Hall) -> None:
    from django.db import transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        resize_section(
            performance_id=hall.performance_id, section_id=hall.section_id, total_capacity=30
        )
    assert sizes(hall) == (30, 30)
