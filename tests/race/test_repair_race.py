"""A repair beside running sales: no sale is lost and none invented, whoever comes first."""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from engine.houses import Part, build, counters, faults, wait_for_waiter

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.engine.sql_files import SQL_ROOT, render
from fullhouse.events.models import Reservation
from fullhouse.events.services.audit import audit
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.repair import plan_repair, repair
from fullhouse.events.services.reserve import Places, reserve

from . import repair_clients

pytestmark = pytest.mark.race
SELLERS, TURNS, HURT = 3, 12, 2
LOCK = SQL_ROOT / "functions" / "repair_lock_v1.sql"


@pytest.fixture
def house(
    db_committed: None, make_stage: Callable[..., Any]
) -> tuple[UUID, UUID, UUID, list[UUID]]:
    """A performance, an allocation that is sold, one that is damaged, and seats that are sold."""
    performance = make_stage().performance_id
    built = build(performance, Part(None, SELLERS * TURNS * 2 + HURT, seats=SELLERS * TURNS))
    hurt = build(performance, Part(None, 10), name="Balcony")
    return performance, built.allocation_ids[0], hurt.allocation_ids[0], list(built.seat_ids[0])


def wound(allocation: UUID) -> None:
    """Let HURT free places count as sold: the ledger and the lines know nothing of them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        cursor.execute(
            "UPDATE events_sectiontickettype SET"
            " available_capacity = available_capacity - %(hurt)s,"
            " unseated_available = unseated_available - %(hurt)s,"
            " sold_capacity = sold_capacity + %(hurt)s WHERE id = %(allocation)s",
            {"hurt": HURT, "allocation": allocation},
        )


def mend(performance: UUID) -> None:
    """Repair as staff do: look, then do what was shown; look again if it has changed since."""
    while True:
        plan = plan_repair(performance_id=performance)
        try:
            repair(performance_id=performance, digest=plan.digest, actor="ann", reason="forged")
        except Refusal as refusal:
            if refusal.code != "plan_changed":
                raise
        else:
            return


def test_a_repair_beside_running_sales(
    house: tuple[UUID, UUID, UUID, list[UUID]], conninfo: str, crowd: Any
) -> None:
    """Sellers sell what is damaged and what is not; every sale that was told is there, once."""
    performance, sold_from, hurt, seats = house
    own = [seats[number::SELLERS] for number in range(SELLERS)]
    for allocation in (hurt, sold_from):
        wound(allocation)
    arguments = [(conninfo, performance, sold_from, row) for row in own]
    sellers = crowd(repair_clients.sell, arguments)
    sellers.start()
    while any(process.is_alive() for process in sellers.processes):
        mend(performance)
        wound(hurt)
    answers = sellers.answers()
    mend(performance)
    sales = [key for _, told in answers for key in told]
    assert Counter(outcome for seen, _ in answers for outcome in seen) == {"granted": SELLERS}
    assert len(set(sales)) == len(sales) == SELLERS * TURNS * 2
    kept = Reservation.objects.filter(performance=performance, status="sold")
    assert {str(key) for key in kept.values_list("pk", flat=True)} == set(sales)
    assert counters(sold_from) == (HURT, HURT, 0, SELLERS * TURNS * 2)
    assert counters(hurt) == (10, 10, 0, 0)
    assert faults(performance) == []
    assert audit(performance_id=performance) == ()


@contextmanager
def without_lock() -> Iterator[None]:
    """Install a repair that looks at the house without holding it still."""
    good = render(LOCK)
    mutant, number = re.subn(r"BEGIN\n.*END \$\$;", "BEGIN\nEND $$;", good, flags=re.DOTALL)
    assert number == 1
    with connection.cursor() as cursor:
        cursor.execute(mutant.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
        try:
            yield
        finally:
            cursor.execute(good.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))


def confirmed_while_it_waits(house: tuple[UUID, UUID, UUID, list[UUID]], conninfo: str) -> UUID:
    """Plan a repair of a hold's allocation; before it is done, a confirm of that hold begins.

    The confirm has the hold in hand, uncommitted, when the repair comes. Return the performance.
    """
    performance, _, hurt, _ = house
    held = reserve(performance_id=performance, requests=[Places(3, allocation_id=hurt)])
    wound(hurt)
    plan = plan_repair(performance_id=performance)
    answers: list[Exception | None] = []

    def staff() -> None:
        try:
            repair(performance_id=performance, digest=plan.digest, actor="ann", reason="forged")
            answers.append(None)
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    repairing = threading.Thread(target=staff)
    with transaction.atomic():
        confirm(performance_id=performance, reservation_id=held.reservation_id)
        repairing.start()
        wait_for_waiter(conninfo)
    repairing.join()
    (error,) = answers
    if error is not None:
        assert isinstance(error, Refusal), error
        assert error.code == "plan_changed"
    return performance


def test_a_repair_waits_for_a_sale_in_hand_and_then_looks(
    house: tuple[UUID, UUID, UUID, list[UUID]], conninfo: str
) -> None:
    performance = confirmed_while_it_waits(house, conninfo)
    mend(performance)
    assert counters(house[2]) == (7, 7, 0, 3)
    assert faults(performance) == []
    assert audit(performance_id=performance) == ()


def test_without_its_lock_a_repair_writes_what_it_saw_before_the_sale(
    house: tuple[UUID, UUID, UUID, list[UUID]], conninfo: str
) -> None:
    """The same steps with the lock taken away: the counters deny the sale that went through."""
    with without_lock():
        performance = confirmed_while_it_waits(house, conninfo)
    assert counters(house[2]) == (7, 7, 3, 0)
    assert audit(performance_id=performance) != ()
    mend(performance)
    assert counters(house[2]) == (7, 7, 0, 3)
    assert audit(performance_id=performance) == ()
