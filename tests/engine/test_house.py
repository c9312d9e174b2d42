"""house: places set aside with a reason, and given back."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import Movement, Reservation, Seat
from fullhouse.events.services.house import SetAside, give_back, house
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

from .conftest import Hall
from .houses import counters, make_overdue, snapshot

Refused = Callable[..., Refusal]


def set_aside(hall: Hall) -> SetAside:
    return house(
        performance_id=hall.performance_id,
        reason="press",
        quantities={hall.adult_places: 3},
        seat_ids=[hall.adult_seats[0], hall.pool_seats[0]],
        actor="box office",
    )


def test_places_and_seats_are_set_aside_with_the_reason(hall: Hall) -> None:
    kept = set_aside(hall)

    assert kept.quantity == 5
    assert counters(hall.adult_places) == (6, 3, 4, 0)
    assert counters(hall.pool) == (5, 4, 1, 0)
    found = Reservation.objects.get(pk=kept.reservation_id)
    assert (found.kind, found.status, found.expires_at, found.reason) == (
        "house",
        "reserved",
        None,
        "press",
    )
    moved = Movement.objects.filter(reservation_id=kept.reservation_id)
    assert {(m.from_state, m.to_state, m.operation, m.reason) for m in moved} == {
        ("available", "reserved", "house", "press")
    }
    assert sorted(m.quantity for m in moved) == [1, 1, 3]


def test_all_places_come_back(hall: Hall) -> None:
    before = snapshot(hall.performance_id)
    kept = set_aside(hall)

    done = give_back(performance_id=hall.performance_id, reservation_id=kept.reservation_id)

    assert (done.quantity, done.left) == (5, 0)
    after = snapshot(hall.performance_id)
    assert after["counters"] == before["counters"]
    assert after["seats"] == before["seats"]
    assert Reservation.objects.get(pk=kept.reservation_id).status == "released"


def test_one_line_comes_back_and_the_rest_stays(hall: Hall) -> None:
    kept = set_aside(hall)
    seat = next(line for line in kept.lines if line.seat_id == hall.adult_seats[0])

    done = give_back(
        performance_id=hall.performance_id,
        reservation_id=kept.reservation_id,
        line_ids=[seat.line_id],
    )

    assert (done.quantity, done.left) == (1, 4)
    assert Seat.objects.get(pk=hall.adult_seats[0]).status == "available"
    assert Reservation.objects.get(pk=kept.reservation_id).status == "reserved"


def test_more_than_is_left_is_refused_whole(hall: Hall, refused: Refused) -> None:
    said = refused(house, reason="press", quantities={hall.adult_places: 7, hall.student_places: 1})
    assert said.code == "sold_out"
    assert (said.facts["wanted"], said.facts["left"]) == (7, 6)


def test_a_taken_seat_is_named(hall: Hall, refused: Refused) -> None:
    reserve(performance_id=hall.performance_id, requests=[SeatRequest(hall.adult_seats[1])])

    said = refused(house, reason="press", seat_ids=hall.adult_seats[:3])

    assert (said.code, said.facts["seat_ids"]) == ("seat_taken", [str(hall.adult_seats[1])])


def test_holds_past_their_deadline_make_way(hall: Hall) -> None:
    held = reserve(
        performance_id=hall.performance_id,
        requests=[SeatRequest(hall.adult_seats[0]), Places(6, allocation_id=hall.adult_places)],
    )
    make_overdue(held.reservation_id)

    kept = set_aside(hall)

    assert kept.quantity == 5
    assert Reservation.objects.get(pk=held.reservation_id).status == "expired"


def test_a_refusal_expires_nothing(hall: Hall, refused: Refused) -> None:
    held = reserve(
        performance_id=hall.performance_id,
        requests=[Places(2, allocation_id=hall.adult_places)],
    )
    make_overdue(held.reservation_id)

    assert refused(house, reason="press", quantities={hall.adult_places: 7}).facts["left"] == 6


def test_unknown_places_are_refused(hall: Hall, refused: Refused) -> None:
    assert refused(house, reason="press", seat_ids=[uuid4()]).facts["what"] == "seat"
    assert refused(house, reason="press", quantities={uuid4(): 1}).facts["what"] == "allocation"


def test_only_house_reservations_are_given_back(hall: Hall, refused: Refused) -> None:
    held = reserve(
        performance_id=hall.performance_id, requests=[Places(1, allocation_id=hall.pool)]
    )
    assert refused(give_back, reservation_id=held.reservation_id).code == "not_house"
    assert refused(give_back, reservation_id=uuid4()).code == "unknown"


def test_places_are_given_back_once(hall: Hall, refused: Refused) -> None:
    kept = set_aside(hall)
    give_back(performance_id=hall.performance_id, reservation_id=kept.reservation_id)

    said = refused(give_back, reservation_id=kept.reservation_id)

    assert (said.code, said.facts) == ("not_reserved", {"status": "released"})


def test_a_line_of_another_reservation_is_unknown(hall: Hall, refused: Refused) -> None:
    kept = set_aside(hall)
    stranger = uuid4()
    said = refused(
        give_back,
        reservation_id=kept.reservation_id,
        line_ids=[kept.lines[0].line_id, stranger],
    )
    assert (said.code, said.facts["id"]) == ("unknown", [str(stranger)])


def test_the_same_key_sets_aside_once(hall: Hall, refused: Refused) -> None:
    asked = {"reason": "press", "quantities": {hall.pool: 2}, "idempotency_key": "vip"}
    first = house(performance_id=hall.performance_id, **asked)
    second = house(performance_id=hall.performance_id, **asked)

    assert second.replayed
    assert second.reservation_id == first.reservation_id
    assert counters(hall.pool) == (4, 2, 2, 0)
    assert refused(house, **(asked | {"quantities": {hall.pool: 1}})).code == "key_reused"


@pytest.mark.parametrize(
    "asked",
    [
        {"reason": " ", "seat_ids": [uuid4()]},
        {"reason": "x" * 256, "seat_ids": [uuid4()]},
        {"reason": "press"},
        {"reason": "press", "quantities": {uuid4(): 0}},
        {"reason": "press", "quantities": {uuid4(): True}},
        {"reason": "press", "seat_ids": [uuid4()] * 1 + ["A-1"]},
    ],
)
def test_what_cannot_be_meant_is_invalid(hall: Hall, asked: dict[str, object]) -> None:
    with pytest.raises(InvalidRequest):
        house(performance_id=hall.performance_id, **asked)  # type: ignore[arg-type]
