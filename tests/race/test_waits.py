"""Two buyers on one seat, step by step: who waits for whom, and what he is told."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from engine.houses import Part, build, counters, faults, make_overdue, wait_for_waiter

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.services.expire import expire
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve

pytestmark = pytest.mark.race


@pytest.fixture
def stalls(db_committed: None, make_stage: Callable[..., Any]) -> tuple[UUID, UUID, UUID]:
    """A performance with one pool of two places, one of them a seat: (performance, pool, seat)."""
    performance = make_stage().performance_id
    built = build(performance, Part(None, 2, seats=1))
    return performance, built.allocation_ids[0], built.seat_ids[0][0]


class Buyer(threading.Thread):
    """Reserves in a thread with a connection of its own; keeps the answer."""

    def __init__(self, performance: UUID, request: Places | SeatRequest) -> None:
        super().__init__()
        self.performance, self.request = performance, request
        self.answer: Hold | Exception | None = None

    def run(self) -> None:
        try:
            self.answer = reserve(performance_id=self.performance, requests=[self.request])
        except Exception as error:
            self.answer = error
        finally:
            connection.close()


@pytest.mark.parametrize("rolled_back", [True, False])
def test_a_seat_in_somebodys_hands_is_waited_for(
    stalls: tuple[UUID, UUID, UUID], conninfo: str, rolled_back: bool
) -> None:
    performance, _, seat = stalls
    second = Buyer(performance, SeatRequest(seat))
    with transaction.atomic():
        reserve(performance_id=performance, requests=[SeatRequest(seat)])
        second.start()
        wait_for_waiter(conninfo)
        transaction.set_rollback(rolled_back)
    second.join()
    if rolled_back:
        assert isinstance(second.answer, Hold)
    else:
        assert isinstance(second.answer, Refusal)
        assert (second.answer.code, second.answer.facts["seat_ids"]) == ("seat_taken", [str(seat)])
    assert faults(performance) == []


def test_the_last_place_in_somebodys_hands_is_waited_for(
    stalls: tuple[UUID, UUID, UUID], conninfo: str
) -> None:
    performance, pool, _ = stalls
    second = Buyer(performance, Places(1, allocation_id=pool))
    with transaction.atomic():
        reserve(performance_id=performance, requests=[Places(1, allocation_id=pool)])
        second.start()
        wait_for_waiter(conninfo)
    second.join()
    assert isinstance(second.answer, Refusal)
    assert (second.answer.code, second.answer.facts["left"]) == ("sold_out", 0)
    assert counters(pool) == (1, 0, 1, 0)
    assert faults(performance) == []


def test_a_buyer_waits_for_the_sweeper_and_gets_the_place(
    stalls: tuple[UUID, UUID, UUID], conninfo: str
) -> None:
    performance, pool, _ = stalls
    late = reserve(performance_id=performance, requests=[Places(1, allocation_id=pool)])
    make_overdue(late.reservation_id)
    buyer = Buyer(performance, Places(1, allocation_id=pool))
    with transaction.atomic():
        assert expire(performance_id=performance).holds == 1
        buyer.start()
        wait_for_waiter(conninfo)
    buyer.join()
    assert isinstance(buyer.answer, Hold)
    assert faults(performance) == []


def test_two_buyers_never_count_on_the_same_overdue_hold(
    stalls: tuple[UUID, UUID, UUID], conninfo: str
) -> None:
    performance, pool, _ = stalls
    late = reserve(performance_id=performance, requests=[Places(1, allocation_id=pool)])
    make_overdue(late.reservation_id)
    second = Buyer(performance, Places(1, allocation_id=pool))
    with transaction.atomic():
        reserve(performance_id=performance, requests=[Places(1, allocation_id=pool)])
        second.start()
        wait_for_waiter(conninfo)
    second.join()
    assert isinstance(second.answer, Refusal)
    assert counters(pool) == (1, 0, 1, 0)
    assert faults(performance) == []


def test_an_isolation_that_cannot_see_is_a_conflict(
    stalls: tuple[UUID, UUID, UUID], conninfo: str
) -> None:
    """Under REPEATABLE READ the loser of a race is told to try again; nothing is oversold."""
    performance, pool, _ = stalls
    with psycopg.connect(conninfo) as other:
        other.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        other.execute("SELECT 1 FROM events_sectiontickettype")
        reserve(performance_id=performance, requests=[Places(1, allocation_id=pool)])
        with pytest.raises(psycopg.errors.SerializationFailure):
            other.execute(
                "SELECT reserve_v1(%s, jsonb_build_array(jsonb_build_object('allocation_id',"
                " %s::uuid, 'quantity', 1)), 60, 'sale', 'R', NULL, '', '', '', '')",
                [performance, pool],
            )
    assert faults(performance) == []
