"""release: a hold is given back, whole or in part."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import Reservation, ReservationLine, Seat, TicketType
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.release import ReleaseLine, release
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve

from .conftest import Hall
from .houses import counters, make_overdue, set_kind, snapshot

Refused = Callable[..., Refusal]
LINE = uuid4()


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
    assert (done.places, done.left) == (4, 0)
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


def some(hall: Hall, held: Hold, *lines: ReleaseLine) -> tuple[int, int]:
    done = release(
        performance_id=hall.performance_id, reservation_id=held.reservation_id, lines=lines
    )
    return done.places, done.left


def test_part_of_a_hold_comes_back_and_the_rest_stays(hall: Hall) -> None:
    held = hold(hall)
    seat, places = sorted(held.lines, key=lambda line: line.quantity)
    assert some(hall, held, ReleaseLine(places.line_id, 1)) == (1, 3)
    assert counters(hall.adult_places) == (8, 4, 2, 0)
    kept = Reservation.objects.get(pk=held.reservation_id)
    assert (kept.status, kept.expires_at) == ("reserved", held.expires_at)
    stored = ReservationLine.objects.filter(reservation=kept, seat__isnull=True)
    assert sorted(stored.values_list("status", "quantity", "unit_price")) == [
        ("released", 1, 20), ("reserved", 2, 20),
    ]  # fmt: skip
    assert some(hall, held, ReleaseLine(seat.line_id)) == (1, 2)
    assert Seat.objects.get(pk=hall.pool_seats[1]).status == "available"
    assert some(hall, held, ReleaseLine(places.line_id, 2)) == (2, 0)
    assert Reservation.objects.get(pk=held.reservation_id).status == "released"


def test_the_rest_can_be_sold(hall: Hall) -> None:
    held = hold(hall)
    seat, _ = sorted(held.lines, key=lambda line: line.quantity)
    some(hall, held, ReleaseLine(seat.line_id))
    done = confirm(performance_id=hall.performance_id, reservation_id=held.reservation_id)
    assert done.places == 3


def test_not_more_than_is_held_comes_back(hall: Hall, refused: Refused) -> None:
    held = hold(hall)
    seat, places = sorted(held.lines, key=lambda line: line.quantity)
    for line, quantity, had in ((places, 4, 3), (seat, 2, 1)):
        lines = [ReleaseLine(line.line_id, quantity)]
        no = refused(release, reservation_id=held.reservation_id, lines=lines)
        assert (no.code, no.facts["held"], no.facts["wanted"]) == ("too_many", had, quantity)


def test_a_ticket_of_several_places_is_not_split(hall: Hall, refused: Refused) -> None:
    TicketType.objects.filter(pk=hall.adult).update(places_per_ticket=2)
    held = reserve(
        performance_id=hall.performance_id, requests=[Places(4, allocation_id=hall.adult_places)]
    )
    (line,) = held.lines
    lines = [ReleaseLine(line.line_id, 3)]
    assert (
        refused(release, reservation_id=held.reservation_id, lines=lines).code == "part_of_ticket"
    )
    assert some(hall, held, ReleaseLine(line.line_id, 2)) == (2, 2)
    stored = ReservationLine.objects.filter(reservation=held.reservation_id)
    assert set(stored.values_list("status", "places_per_ticket")) == {
        ("released", 2), ("reserved", 2),
    }  # fmt: skip


def test_a_line_comes_back_once(hall: Hall, refused: Refused) -> None:
    held = hold(hall)
    lines = [ReleaseLine(held.lines[0].line_id)]
    some(hall, held, *lines)
    no = refused(release, reservation_id=held.reservation_id, lines=lines)
    assert (no.code, no.facts["status"]) == ("not_reserved", "released")


def test_a_line_of_another_hold_is_unknown(hall: Hall, refused: Refused) -> None:
    held = hold(hall)
    other = reserve(
        performance_id=hall.performance_id, requests=[Places(1, allocation_id=hall.pool)]
    )
    lines = [ReleaseLine(held.lines[0].line_id), ReleaseLine(other.lines[0].line_id)]
    no = refused(release, reservation_id=held.reservation_id, lines=lines)
    assert (no.code, no.facts["what"]) == ("unknown", "line")


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
        ("lines", {"lines": []}),
        ("lines", {"lines": [ReleaseLine(LINE), ReleaseLine(LINE, 2)]}),
        ("line_id", {"lines": [ReleaseLine("x")]}),  # type: ignore[arg-type]
        ("quantity", {"lines": [ReleaseLine(LINE, 0)]}),
        ("quantity", {"lines": [ReleaseLine(LINE, -1)]}),
        ("quantity", {"lines": [ReleaseLine(LINE, 1.5)]}),  # type: ignore[arg-type]
        ("quantity", {"lines": [ReleaseLine(LINE, 100_001)]}),
    ],
)
def test_a_request_that_cannot_be_meant_is_invalid(argument: str, bad: dict[str, object]) -> None:
    good = {"performance_id": uuid4(), "reservation_id": uuid4()}
    with pytest.raises(InvalidRequest) as caught:
        release(**(good | bad))  # type: ignore[arg-type]
    assert caught.value.argument == argument
