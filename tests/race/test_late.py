"""Late money against a buyer of the same seat, and an extension against the sweeper."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from engine.houses import Part, build, faults, make_overdue, wait_for_waiter

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.models import Reservation
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.expire import expire
from fullhouse.events.services.extend import extend
from fullhouse.events.services.reserve import Places, SeatRequest, reserve

pytestmark = pytest.mark.race


class Other(threading.Thread):
    """Somebody else, in a thread with a connection of his own; keeps what he was told."""

    def __init__(self, verb: Callable[..., object], **arguments: Any) -> None:
        super().__init__()
        self.verb, self.arguments = verb, arguments
        self.told = ""

    def run(self) -> None:
        try:
            self.verb(**self.arguments)
            self.told = "done"
        except Refusal as refusal:
            self.told = refusal.code
        finally:
            connection.close()


@pytest.fixture
def stalls(db_committed: None, make_stage: Callable[..., Any]) -> tuple[UUID, UUID, UUID]:
    """A performance with a pool of two places, one a seat, which a swept hold had: its id too."""
    performance = make_stage().performance_id
    built = build(performance, Part(None, 2, seats=1))
    seat = built.seat_ids[0][0]
    held = reserve(
        performance_id=performance,
        requests=[SeatRequest(seat), Places(1, allocation_id=built.allocation_ids[0])],
    )
    make_overdue(held.reservation_id)
    expire(performance_id=performance)
    return performance, seat, held.reservation_id


@pytest.mark.parametrize("rolled_back", [True, False])
def test_late_money_waits_for_a_buyer_of_the_seat(
    stalls: tuple[UUID, UUID, UUID], conninfo: str, rolled_back: bool
) -> None:
    performance, seat, late = stalls
    payer = Other(confirm, performance_id=performance, reservation_id=late, late=True)
    with transaction.atomic():
        reserve(performance_id=performance, requests=[SeatRequest(seat)])
        payer.start()
        wait_for_waiter(conninfo)
        transaction.set_rollback(rolled_back)
    payer.join()
    assert payer.told == ("done" if rolled_back else "gone")
    assert faults(performance) == []


@pytest.mark.parametrize("rolled_back", [True, False])
def test_a_buyer_waits_for_late_money(
    stalls: tuple[UUID, UUID, UUID], conninfo: str, rolled_back: bool
) -> None:
    performance, seat, late = stalls
    buyer = Other(reserve, performance_id=performance, requests=[SeatRequest(seat)])
    with transaction.atomic():
        confirm(performance_id=performance, reservation_id=late, late=True)
        buyer.start()
        wait_for_waiter(conninfo)
        transaction.set_rollback(rolled_back)
    buyer.join()
    assert buyer.told == ("done" if rolled_back else "seat_taken")
    assert faults(performance) == []


def test_of_two_late_confirmations_one_sells(
    stalls: tuple[UUID, UUID, UUID], conninfo: str
) -> None:
    performance, _, late = stalls
    second = Other(confirm, performance_id=performance, reservation_id=late, late=True)
    with transaction.atomic():
        confirm(performance_id=performance, reservation_id=late, late=True)
        second.start()
        wait_for_waiter(conninfo)
    second.join()
    assert second.told == "not_reserved"
    assert faults(performance) == []


def test_who_is_being_swept_gets_no_more_time(
    stalls: tuple[UUID, UUID, UUID], conninfo: str
) -> None:
    performance, seat, _ = stalls
    held = reserve(performance_id=performance, requests=[SeatRequest(seat)])
    make_overdue(held.reservation_id)
    buyer = Other(
        extend,
        performance_id=performance,
        reservation_id=held.reservation_id,
        ttl_seconds=1200,
    )
    with transaction.atomic():
        assert expire(performance_id=performance).holds == 1
        buyer.start()
        wait_for_waiter(conninfo)
    buyer.join()
    assert buyer.told == "not_reserved"


def test_the_sweeper_passes_over_who_is_being_given_more_time(
    stalls: tuple[UUID, UUID, UUID], conninfo: str
) -> None:
    performance, seat, _ = stalls
    held = reserve(performance_id=performance, requests=[SeatRequest(seat)], ttl_seconds=1)
    sweep = "SELECT expire_v1(%s, 10, 'race', '')"
    with psycopg.connect(conninfo, autocommit=True) as sweeper:
        with transaction.atomic():
            extend(
                performance_id=performance,
                reservation_id=held.reservation_id,
                ttl_seconds=1200,
            )
            passed = "SELECT clock_timestamp() > expires_at FROM events_reservation WHERE id = %s"
            while not sweeper.execute(passed, [held.reservation_id]).fetchone()[0]:  # type: ignore[index]
                continue
            assert sweeper.execute(sweep, [performance]).fetchone()[0]["holds"] == 0  # type: ignore[index]
        assert sweeper.execute(sweep, [performance]).fetchone()[0]["holds"] == 0  # type: ignore[index]
    assert Reservation.objects.get(pk=held.reservation_id).status == "reserved"
