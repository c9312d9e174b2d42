"""reallocate: unsold places move between the ticket types of a section."""

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import EventSection, Movement, Seat, SectionTicketType
from fullhouse.events.services.audit import audit
from fullhouse.events.services.availability import free_seats
from fullhouse.events.services.reallocate import reallocate
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

from .conftest import Hall
from .houses import Part, build, counters, make_overdue

Refused = Callable[..., Refusal]


def test_places_move_and_the_section_keeps_its_size(hall: Hall) -> None:
    done = reallocate(
        performance_id=hall.performance_id,
        allocation_id=hall.adult_places,
        to_ticket_type_id=hall.student,
        quantity=2,
    )

    assert (done.from_allocated_capacity, done.to_allocated_capacity) == (8, 7)
    assert counters(hall.adult_places) == (8, 4, 0, 0)
    assert counters(hall.student_places) == (7, 7, 0, 0)
    assert EventSection.objects.get(pk=hall.section_id).total_capacity == 21
    moved = Movement.objects.filter(performance=hall.performance_id, operation="reallocate")
    assert {(m.allocation_id, m.from_state, m.to_state, m.quantity) for m in moved} == {
        (hall.adult_places, "available", None, 2),
        (hall.student_places, None, "available", 2),
    }


def test_seats_take_their_place_and_price_along(hall: Hall) -> None:
    reallocate(
        performance_id=hall.performance_id,
        allocation_id=hall.adult_places,
        to_ticket_type_id=hall.student,
        seat_ids=hall.adult_seats[:2],
    )

    assert counters(hall.adult_places) == (8, 6, 0, 0)
    assert counters(hall.student_places) == (7, 5, 0, 0)
    seat = Seat.objects.get(pk=hall.adult_seats[0])
    assert seat.allocation_id == hall.student_places
    free = free_seats(performance_id=hall.performance_id, section_id=hall.section_id)
    assert {s.price for s in free if s.seat_id == seat.pk} == {Decimal("10.00")}
    assert audit(performance_id=hall.performance_id) == ()


def test_an_allocation_is_made_where_there_is_none(hall: Hall) -> None:
    circle = build(hall.performance_id, Part(hall.adult, 5), name="Circle")

    done = reallocate(
        performance_id=hall.performance_id,
        allocation_id=circle.allocation_ids[0],
        to_ticket_type_id=None,
        quantity=5,
    )

    made = SectionTicketType.objects.get(pk=done.to_allocation_id)
    assert (made.section_id, made.ticket_type_id) == (circle.section_id, None)
    assert (done.from_allocated_capacity, made.allocated_capacity) == (0, 5)


def test_more_than_is_unsold_is_refused(hall: Hall, refused: Refused) -> None:
    reserve(
        performance_id=hall.performance_id, requests=[Places(5, allocation_id=hall.adult_places)]
    )
    said = refused(
        reallocate,
        allocation_id=hall.adult_places,
        to_ticket_type_id=hall.student,
        quantity=2,
    )
    assert (said.code, said.facts["wanted"], said.facts["left"]) == ("sold_out", 2, 1)


def test_holds_past_their_deadline_make_way(hall: Hall) -> None:
    held = reserve(
        performance_id=hall.performance_id,
        requests=[Places(6, allocation_id=hall.adult_places), SeatRequest(hall.adult_seats[0])],
    )
    make_overdue(held.reservation_id)

    reallocate(
        performance_id=hall.performance_id,
        allocation_id=hall.adult_places,
        to_ticket_type_id=None,
        quantity=6,
        seat_ids=[hall.adult_seats[0]],
    )

    assert counters(hall.adult_places) == (3, 0, 0, 0)


def test_seats_that_cannot_move_are_named(hall: Hall, refused: Refused) -> None:
    reserve(performance_id=hall.performance_id, requests=[SeatRequest(hall.adult_seats[0])])
    target = {"allocation_id": hall.adult_places, "to_ticket_type_id": hall.student}

    assert refused(reallocate, **target, seat_ids=[hall.adult_seats[0]]).code == "seat_taken"
    assert refused(reallocate, **target, seat_ids=[hall.pool_seats[0]]).code == "seat_elsewhere"
    assert refused(reallocate, **target, seat_ids=[uuid4()]).code == "unknown"


def test_the_same_or_a_strange_type_is_refused(hall: Hall, refused: Refused) -> None:
    target = {"allocation_id": hall.adult_places, "quantity": 1}

    assert refused(reallocate, **target, to_ticket_type_id=hall.adult).code == "same_allocation"
    assert refused(reallocate, **target, to_ticket_type_id=uuid4()).facts["what"] == "ticket type"
    said = refused(reallocate, allocation_id=uuid4(), quantity=1, to_ticket_type_id=None)
    assert said.facts["what"] == "allocation"


def test_the_same_key_moves_once(hall: Hall, refused: Refused) -> None:
    asked = {
        "allocation_id": hall.adult_places,
        "to_ticket_type_id": None,
        "quantity": 1,
        "idempotency_key": "to the pool",
    }
    reallocate(performance_id=hall.performance_id, **asked)
    assert reallocate(performance_id=hall.performance_id, **asked).replayed
    assert counters(hall.pool) == (7, 5, 0, 0)
    assert refused(reallocate, **(asked | {"quantity": 2})).code == "key_reused"


@pytest.mark.parametrize("asked", [{}, {"quantity": -1}, {"seat_ids": [None]}])
def test_what_cannot_be_meant_is_invalid(hall: Hall, asked: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest):
        reallocate(
            performance_id=hall.performance_id,
            allocation_id=hall.adult_places,
            to_ticket_type_id=None,
            **asked,  # type: ignore[arg-type]
        )
