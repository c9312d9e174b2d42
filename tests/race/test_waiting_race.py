"""The waiting list against the public, offers against each other, handing over against buyers."""

import os
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from engine.houses import Part, build, faults, make_overdue, wait_for_waiter

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.models import EventPerformance, WaitingEntry
from fullhouse.events.services.audit import audit
from fullhouse.events.services.house import house as keep
from fullhouse.events.services.release import release
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve
from fullhouse.events.services.waiting_list import join_waiting_list
from fullhouse.events.services.waiting_offers import offer_waiting

from . import clients, list_clients
from .test_waits import Buyer

pytestmark = pytest.mark.race
PROCESSES = 6
SECONDS = min(float(os.environ.get("FULLHOUSE_STORM_SECONDS", "4")), 60.0)

Small = tuple[UUID, UUID, UUID]


@pytest.fixture
def small(db_committed: None, make_stage: Callable[..., Any]) -> Small:
    """A performance whose list comes first: (performance, pool of a seat and a place, the seat)."""
    performance = make_stage().performance_id
    built = build(performance, Part(None, 2, seats=1))
    EventPerformance.objects.filter(pk=performance).update(waiting_list_first=True)
    return performance, built.allocation_ids[0], built.seat_ids[0][0]


def wait_in_line(performance: UUID, quantity: int = 1) -> UUID:
    return join_waiting_list(performance_id=performance, quantity=quantity).entry_id


def status(entry: UUID) -> str:
    return str(WaitingEntry.objects.get(pk=entry).status)


@pytest.mark.parametrize("list_first", [True, False])
def test_at_no_instant_is_a_freed_seat_the_publics_while_somebody_waits(
    small: Small, list_first: bool
) -> None:
    performance, pool, seat = small
    EventPerformance.objects.filter(pk=performance).update(waiting_list_first=list_first)
    held = reserve(
        performance_id=performance,
        requests=[SeatRequest(seat), Places(1, allocation_id=pool)],
    )
    parties = [wait_in_line(performance), wait_in_line(performance)]
    before, after = (Buyer(performance, SeatRequest(seat)) for _ in range(2))
    with transaction.atomic():
        release(performance_id=performance, reservation_id=held.reservation_id)
        before.start()
        before.join()
    after.start()
    after.join()
    assert isinstance(before.answer, Refusal)
    if list_first:
        assert isinstance(after.answer, Refusal)
        assert after.answer.code == "seat_taken"
        assert [status(entry) for entry in parties] == ["offered", "offered"]
    else:
        assert isinstance(after.answer, Hold)
        assert [status(entry) for entry in parties] == ["waiting", "waiting"]
    assert faults(performance) == []


def test_a_buyer_who_waits_for_the_last_place_finds_it_offered(small: Small, conninfo: str) -> None:
    performance, pool, _ = small
    held = reserve(performance_id=performance, requests=[Places(1, allocation_id=pool)])
    make_overdue(held.reservation_id)
    entry = wait_in_line(performance)
    second = Buyer(performance, Places(1, allocation_id=pool))
    with transaction.atomic():
        with pytest.raises(Refusal, match="sold_out"):
            reserve(performance_id=performance, requests=[Places(1, allocation_id=pool)])
        second.start()
        wait_for_waiter(conninfo)
    second.join()
    assert isinstance(second.answer, Refusal)
    assert status(entry) == "offered"
    assert faults(performance) == []


class Offering(threading.Thread):
    """Offers in a thread with a connection of its own; keeps the answer."""

    def __init__(self, performance: UUID) -> None:
        super().__init__()
        self.performance = performance
        self.answer: object = None

    def run(self) -> None:
        try:
            self.answer = offer_waiting(performance_id=self.performance).entry_id
        except Exception as error:
            self.answer = error
        finally:
            connection.close()


def test_two_offers_at_once_are_to_two_parties(small: Small, conninfo: str) -> None:
    performance, _, _ = small
    first, second = wait_in_line(performance), wait_in_line(performance)
    other = Offering(performance)
    with transaction.atomic():
        assert offer_waiting(performance_id=performance).entry_id == first
        other.start()
        wait_for_waiter(conninfo)
    other.join()
    assert other.answer == second
    assert audit(performance_id=performance) == ()


def test_an_offer_that_is_taken_back_leaves_the_party_first(small: Small, conninfo: str) -> None:
    performance, _, _ = small
    first = wait_in_line(performance)
    wait_in_line(performance)
    other = Offering(performance)
    with transaction.atomic():
        offer_waiting(performance_id=performance)
        other.start()
        wait_for_waiter(conninfo)
        transaction.set_rollback(True)
    other.join()
    assert other.answer == first
    assert audit(performance_id=performance) == ()


def test_what_is_handed_over_is_never_free(
    make_stage: Callable[..., Any], conninfo: str, crowd: Any
) -> None:
    performance = make_stage().performance_id
    seats = [str(seat) for seat in build(performance, Part(None, 4, seats=4)).seat_ids[0]]
    held = str(
        keep(
            performance_id=performance, reason="press", seat_ids=list(map(UUID, seats))
        ).reservation_id
    )
    buyers = crowd(list_clients.grab, [(conninfo, performance, seats)] * 4)
    buyers.start()
    with clients.connect(conninfo) as own:
        for kind in ("sale", "house", "kill") * 20:
            outcome = list_clients.pass_on(own, performance, held, kind)
            assert outcome["outcome"] == "handed_over"
            held = outcome["reservation_id"]
    for pipe in buyers.pipes:
        pipe.send("stop")
    assert buyers.answers() == [0, 0, 0, 0]
    assert faults(performance) == []


def test_everything_at_once_with_a_list(
    db_committed: None, make_stage: Callable[..., Any], conninfo: str, crowd: Any
) -> None:
    stage = make_stage(types=("Adult", "Student"))
    adult, student = stage.ticket_type_ids
    parts = (Part(adult, 12, seats=4), Part(student, 8, seats=2), Part(None, 10, seats=4))
    built = [build(stage.performance_id, *parts, name=name) for name in ("Stalls", "Balcony")]
    EventPerformance.objects.filter(pk=stage.performance_id).update(waiting_list_first=True)
    house = {
        "performance": stage.performance_id,
        "type": str(adult),
        "sections": [str(section.section_id) for section in built],
        "allocations": [str(key) for section in built for key in section.allocation_ids],
        "seats": [str(seat) for section in built for part in section.seat_ids for seat in part],
        "overbooked": [],
        "kept": [],
        "entries": [],
    }
    all_of_them = crowd(
        list_clients.storm, [(conninfo, house, SECONDS, seed) for seed in range(PROCESSES)]
    )
    all_of_them.start()
    seen: Counter[str] = Counter()
    for outcomes, wrong in all_of_them.answers(SECONDS + 120):
        assert wrong == [], wrong[:3]
        seen.update(outcomes)
    assert faults(stage.performance_id) == [], clients.as_text(seen)
    assert audit(performance_id=stage.performance_id) == ()
    assert {
        "reserve: granted", "release: released", "refund: refunded", "join: joined",
        "offer: offered", "take: taken", "withdraw: withdrawn", "hand_over: handed_over",
    } <= set(seen), clients.as_text(seen)  # fmt: skip
