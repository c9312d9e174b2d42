"""release: a hold is given back whole."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import Reservation, Seat
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve

from .conftest import Hall
from .houses import counters, make_overdue, set_kind, snapshot

Refused = Callable[..., Refusal]


def hold(hall: Hall) -> Hold:
    return reserve(
        performance_id=hall.performance_id,
        requests=[SeatRequest(hall.pool_seats[1]), Places(3, allocation_id=hall.adult_places)],
    )


def test_places_and_seats_come_back(hall: Hall) -> None:
    before = snapshot(hall.performance_id)
    held = hold(hall)
    done = release(
        performance_id=hall.performance_id, reservation_id=held.reservation_id, reason="changed"
    )
    assert done.places == 4
    after = snapshot(hall.performance_id)
    assert after["counters"] == before["counters"]
    assert after["seats"] == before["seats"]
    assert {row[7] for row in after["lines"]} == {"released"}
    assert {(row[3], row[4]) for row in after["movements"][-2:]} == {("reserved", "available")}
    assert Reservation.objects.get(pk=held.reservation_id).status == "released"


def test_an_overdue_hold_is_given_back_too(hall: Hall) -> None:
    held = hold(hall)
    make_overdue(held.reservation_id)
    release(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    assert counters(hall.adult_places) == (10, 6, 0, 0)
    assert Seat.objects.get(pk=hall.pool_seats[1]).status == "available"


def test_a_sale_is_not_released(hall: Hall, refused: Refused) -> None:
    held = hold(hall)
    confirm(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    no = refused(release, reservation_id=held.reservation_id)
    assert (no.code, no.facts["status"]) == ("not_reserved", "sold")


def test_a_hold_is_released_once(hall: Hall, refused: Refused) -> None:
    held = hold(hall)
    release(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    no = refused(release, reservation_id=held.reservation_id)
    assert (no.code, no.facts["status"]) == ("not_reserved", "released")


def test_the_houses_places_stay(hall: Hall, refused: Refused) -> None:
    held = hold(hall)
    set_kind(held.reservation_id, "house")
    assert refused(release, reservation_id=held.reservation_id).code == "kept_by_house"


def test_nobody_is_unknown(hall: Hall, refused: Refused) -> None:
    assert refused(release, reservation_id=uuid4()).code == "unknown"


@pytest.mark.parametrize(
    ("argument", "bad"),
    [
        ("reservation_id", {"reservation_id": "x"}),
        ("reason", {"reason": None}),
        ("actor", {"actor": "a\x00b"}),
    ],
)
def test_a_request_that_cannot_be_meant_is_invalid(argument: str, bad: dict[str, object]) -> None:
    good = {"performance_id": uuid4(), "reservation_id": uuid4()}
    with pytest.raises(InvalidRequest) as caught:
        release(**(good | bad))  # type: ignore[arg-type]
    assert caught.value.argument == argument
