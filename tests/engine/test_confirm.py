"""confirm: a live hold becomes a sale, and nothing else does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.models import EventPerformance, Reservation, ReservationLine, Seat
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.expire import expire
from fullhouse.events.services.refund import refund
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

from .conftest import Hall
from .houses import counters, make_overdue, set_kind, snapshot

Refused = Callable[..., Refusal]


def hold(hall: Hall) -> dict[str, object]:
    """Hold a seat and two places; return how to name the hold."""
    made = reserve(
        performance_id=hall.performance_id,
        requests=[SeatRequest(hall.adult_seats[0]), Places(2, allocation_id=hall.pool)],
    )
    return {"performance_id": hall.performance_id, "reservation_id": made.reservation_id}


def test_the_whole_hold_is_sold(hall: Hall) -> None:
    held = hold(hall)
    assert confirm(**held, actor="desk").places == 3  # type: ignore[arg-type]
    sale = Reservation.objects.get(pk=held["reservation_id"])
    assert (sale.status, sale.expires_at) == ("sold", None)
    assert set(ReservationLine.objects.filter(reservation=sale).values_list("status")) == {
        ("sold",)
    }
    assert Seat.objects.get(pk=hall.adult_seats[0]).status == "sold"
    assert counters(hall.adult_places) == (9, 6, 0, 1)
    assert counters(hall.pool) == (4, 2, 0, 2)
    moved = snapshot(hall.performance_id)["movements"][-2:]
    assert {(row[3], row[4], row[6]) for row in moved} == {("reserved", "sold", "confirm")}


def test_an_overdue_hold_never_sells(hall: Hall, refused: Refused) -> None:
    held = hold(hall)
    make_overdue(held["reservation_id"])  # type: ignore[arg-type]
    no = refused(confirm, reservation_id=held["reservation_id"])
    assert (no.code, no.facts["expires_at"]) == ("expired", "2001-09-09T01:46:40+00:00")


def test_a_hold_taken_over_is_sold_too(hall: Hall) -> None:
    held = hold(hall)
    set_kind(held["reservation_id"], "legacy")  # type: ignore[arg-type]
    assert confirm(**held).places == 3  # type: ignore[arg-type]


def test_places_that_the_house_keeps_are_not_sold(hall: Hall, refused: Refused) -> None:
    held = hold(hall)
    set_kind(held["reservation_id"], "house")  # type: ignore[arg-type]
    assert refused(confirm, reservation_id=held["reservation_id"]).code == "kept_by_house"


def test_a_live_hold_is_sold_after_sales_have_closed(hall: Hall) -> None:
    held = hold(hall)
    EventPerformance.objects.filter(pk=hall.performance_id).update(
        status="closed", sales_close_at=datetime.now(UTC) - timedelta(hours=1)
    )
    assert confirm(**held).places == 3  # type: ignore[arg-type]


def test_a_cancelled_performance_sells_nothing(hall: Hall, refused: Refused) -> None:
    held = hold(hall)
    EventPerformance.objects.filter(pk=hall.performance_id).update(status="cancelled")
    no = refused(confirm, reservation_id=held["reservation_id"])
    assert (no.code, no.facts["status"]) == ("closed", "cancelled")


def test_what_is_no_hold_is_not_confirmed(hall: Hall, refused: Refused) -> None:
    ended = []
    for end in (confirm, release):
        held = hold(hall)
        end(**held)  # type: ignore[operator]
        if end is confirm:
            ended.append((held["reservation_id"], "sold"))
            refund(**held)  # type: ignore[arg-type]
            ended[-1] = (held["reservation_id"], "refunded")
        else:
            ended.append((held["reservation_id"], "released"))
    held = hold(hall)
    make_overdue(held["reservation_id"])  # type: ignore[arg-type]
    expire(performance_id=hall.performance_id)
    ended.append((held["reservation_id"], "expired"))
    for reservation_id, status in ended:
        no = refused(confirm, reservation_id=reservation_id)
        assert (no.code, no.facts["status"]) == ("not_reserved", status)


def test_nobody_is_unknown(hall: Hall, refused: Refused) -> None:
    nobody = uuid4()
    no = refused(confirm, reservation_id=nobody)
    assert (no.code, no.facts) == ("unknown", {"what": "reservation", "id": str(nobody)})


@pytest.mark.parametrize(
    ("argument", "bad"),
    [
        ("reservation_id", {"reservation_id": None}),
        ("performance_id", {"performance_id": "1"}),
        ("actor", {"actor": None}),
        ("reason", {"reason": "x" * 256}),
        ("idempotency_key", {"idempotency_key": "x" * 201}),
    ],
)
def test_a_request_that_cannot_be_meant_is_invalid(argument: str, bad: dict[str, object]) -> None:
    good = {"performance_id": uuid4(), "reservation_id": uuid4()}
    with pytest.raises(InvalidRequest) as caught:
        confirm(**(good | bad))  # type: ignore[arg-type]
    assert caught.value.argument == argument
