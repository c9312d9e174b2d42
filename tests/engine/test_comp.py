"""comp: free places given away at price 0, with what they would have cost in a note."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import EventPerformance, Movement, Note, Reservation, ReservationLine
from fullhouse.events.services.comp import comp
from fullhouse.events.services.house import house
from fullhouse.events.services.refund import refund
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

from .conftest import Hall
from .houses import Part, build, counters, make_overdue

Refused = Callable[..., Refusal]


def give(hall: Hall, **more: Any) -> Any:
    asked = {
        "reason": "critics",
        "recipient": "the daily",
        "quantities": {hall.student_places: 2},
        "seat_ids": [hall.adult_seats[0]],
        **more,
    }
    return comp(performance_id=hall.performance_id, **asked)


def test_places_are_sold_at_nothing_and_their_price_is_noted(hall: Hall) -> None:
    done = give(hall, actor="desk")

    assert (done.quantity, done.list_total, done.currency) == (3, 40, "USD")
    found = Reservation.objects.get(pk=done.reservation_id)
    assert (found.kind, found.status, found.customer, found.reason) == (
        "comp",
        "sold",
        "the daily",
        "critics",
    )
    lines = ReservationLine.objects.filter(reservation=found)
    assert {(line.unit_price, line.status) for line in lines} == {(0, "sold")}
    assert counters(hall.student_places) == (3, 3, 0, 2)
    moved = Movement.objects.filter(reservation_id=found.pk)
    assert sorted({m.operation for m in moved}) == ["comp", "confirm"]
    note = Note.objects.get(reservation_id=found.pk)
    assert (note.operation, note.reason, note.facts["list_total"]) == ("comp", "critics", "40.00")
    assert sorted(note.facts["list_prices"].values()) == ["10.00", "20.00"]
    assert "daily" not in str(note.facts)


def test_a_comp_that_comes_back_is_worth_nothing(hall: Hall) -> None:
    done = give(hall)
    back = refund(performance_id=hall.performance_id, reservation_id=done.reservation_id)
    assert (back.places, back.amount) == (3, 0)


def test_what_is_taken_is_not_given(hall: Hall, refused: Refused) -> None:
    reserve(performance_id=hall.performance_id, requests=[SeatRequest(hall.adult_seats[0])])
    house(performance_id=hall.performance_id, reason="r", quantities={hall.student_places: 4})
    asked = {"reason": "critics"}
    assert refused(comp, **asked, seat_ids=[hall.adult_seats[0]]).code == "seat_taken"
    said = refused(comp, **asked, quantities={hall.student_places: 2})
    assert (said.code, said.facts["left"]) == ("sold_out", 1)
    assert refused(comp, **asked, seat_ids=[uuid4()]).code == "unknown"


def test_holds_past_their_deadline_make_way(hall: Hall) -> None:
    held = reserve(performance_id=hall.performance_id, requests=[SeatRequest(hall.adult_seats[0])])
    make_overdue(held.reservation_id)
    assert give(hall).quantity == 3


def test_one_comp_has_one_currency(hall: Hall, refused: Refused) -> None:
    other = build(hall.performance_id, Part(None, 2), name="Box", currency="IRR")
    said = refused(comp, reason="critics", quantities={hall.pool: 1, other.allocation_ids[0]: 1})
    assert (said.code, said.facts["currencies"]) == ("mixed_currencies", ["IRR", "USD"])


def test_nothing_is_given_of_a_cancelled_evening(hall: Hall, refused: Refused) -> None:
    EventPerformance.objects.filter(pk=hall.performance_id).update(status="cancelled")
    assert refused(comp, reason="critics", quantities={hall.pool: 1}).code == "closed"


def test_the_same_key_gives_once(hall: Hall, refused: Refused) -> None:
    first, again = give(hall, idempotency_key="k"), give(hall, idempotency_key="k")
    assert (again.reservation_id, again.replayed) == (first.reservation_id, True)
    asked = {"reason": "critics", "quantities": {hall.pool: 1}, "idempotency_key": "k"}
    assert refused(comp, **asked).code == "key_reused"


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "},
        {"recipient": "x" * 256},
        {"quantities": {uuid4(): 0}, "seat_ids": []},
        {"quantities": {}, "seat_ids": []},
        {"quantities": {uuid4(): 1.5}},
    ],
)
def test_what_cannot_be_meant_is_invalid(hall: Hall, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        give(hall, **wrong)


def test_no_places_are_left_held_by_a_refusal(hall: Hall, refused: Refused) -> None:
    held = reserve(
        performance_id=hall.performance_id, requests=[Places(2, allocation_id=hall.pool)]
    )
    make_overdue(held.reservation_id)
    refused(comp, reason="critics", quantities={hall.pool: 5})
