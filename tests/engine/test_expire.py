"""expire: the sweep takes overdue holds, all of them and nothing else."""

from uuid import UUID, uuid4

import psycopg
import pytest

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.models import Reservation
from fullhouse.events.services.expire import Swept, due_performances, expire, expire_due
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

from .conftest import Hall
from .houses import counters, make_overdue, snapshot


def hold(hall: Hall, quantity: int = 1) -> UUID:
    asked = [Places(quantity, allocation_id=hall.adult_places)]
    return reserve(performance_id=hall.performance_id, requests=asked).reservation_id


def status(reservation_id: UUID) -> str:
    return Reservation.objects.get(pk=reservation_id).status


def test_overdue_holds_end_and_live_ones_stay(hall: Hall) -> None:
    late, live = hold(hall, 2), hold(hall)
    make_overdue(late)
    assert expire(performance_id=hall.performance_id) == Swept(1, 2, more=False)
    assert (status(late), status(live)) == ("expired", "reserved")
    assert counters(hall.adult_places) == (9, 5, 1, 0)


def test_seats_come_back(hall: Hall) -> None:
    asked = [SeatRequest(seat) for seat in hall.adult_seats]
    make_overdue(reserve(performance_id=hall.performance_id, requests=asked).reservation_id)
    before = snapshot(hall.performance_id)
    assert expire(performance_id=hall.performance_id).places == 4
    after = snapshot(hall.performance_id)
    assert {row[1] for row in after["seats"]} == {"available"}
    assert len(after["movements"]) == len(before["movements"]) + 4


def test_the_oldest_go_first_and_more_is_told(hall: Hall) -> None:
    holds = [hold(hall) for _ in range(3)]
    make_overdue(*holds)
    assert expire(performance_id=hall.performance_id, limit=2) == Swept(2, 2, more=True)
    assert [status(key) for key in holds] == ["expired", "expired", "reserved"]


def test_nothing_due_moves_nothing(hall: Hall) -> None:
    hold(hall)
    before = snapshot(hall.performance_id)
    assert expire(performance_id=hall.performance_id) == Swept(0, 0, more=False)
    assert expire(performance_id=uuid4()) == Swept(0, 0, more=False)
    assert snapshot(hall.performance_id) == before


def test_a_hold_that_somebody_decides_about_is_skipped(hall: Hall, conninfo: str) -> None:
    mine, theirs = hold(hall), hold(hall)
    make_overdue(mine, theirs)
    with psycopg.connect(conninfo) as other:
        other.execute("SELECT FROM events_reservation WHERE id = %s FOR NO KEY UPDATE", [theirs])
        assert expire(performance_id=hall.performance_id).holds == 1
    assert (status(mine), status(theirs)) == ("expired", "reserved")


def test_every_performance_is_swept(hall: Hall) -> None:
    late = [hold(hall) for _ in range(3)]
    make_overdue(*late)
    assert hall.performance_id in set(due_performances())
    assert expire_due(actor="sweeper").holds >= 3
    assert hall.performance_id not in set(due_performances())
    assert {status(key) for key in late} == {"expired"}


@pytest.mark.parametrize("limit", [0, -1, 1001, None, True])
def test_a_limit_out_of_range_is_invalid(limit: int) -> None:
    with pytest.raises(InvalidRequest) as caught:
        expire(performance_id=uuid4(), limit=limit)
    assert caught.value.argument == "limit"
