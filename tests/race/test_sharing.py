"""Many buyers of what is shared: pool, limits per customer, sales channels, prices that change."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from engine.houses import Part, build, counters, faults, wait_for_waiter

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.engine.sql_files import SQL_ROOT, render
from fullhouse.events.models import EventSection, ReservationLine, SalesRule, TicketType
from fullhouse.events.services.channels import allot_channel, release_channel
from fullhouse.events.services.reserve import Hold, Places, reserve
from fullhouse.events.services.sales_rules import drop_rule, set_rule

from . import clients

pytestmark = pytest.mark.race
LIMIT = 4
WEB = clients.RESERVE.replace("p_channel => ''", "p_channel => 'web'")
MINA = clients.RESERVE.replace("p_customer => ''", "p_customer => 'mina'")


def rush(crowd: Any, orders: list[tuple[Any, ...]]) -> list[Counter[str]]:
    """Let one client an order loose; return how often each outcome came, by client."""
    clients_ = crowd(clients.take_requests, orders)
    clients_.start()
    answers: list[Counter[str]] = clients_.answers()
    return answers


def test_own_places_then_the_pool_to_the_last_ticket(
    db_committed: None, make_stage: Callable[..., Any], conninfo: str, crowd: Any
) -> None:
    """Families of two: 41 own places and 21 of the pool are 30 tickets, and two single places."""
    stage = make_stage(types=("Family",))
    (family,) = stage.ticket_type_ids
    TicketType.objects.filter(pk=family).update(places_per_ticket=2)
    built = build(stage.performance_id, Part(family, 41), Part(None, 21))
    asked = [
        {"section_id": str(built.section_id), "ticket_type_id": str(family), "quantity": 2},
    ]
    order = (conninfo, stage.performance_id, asked, 5)
    seen = sum(rush(crowd, [order] * 8), Counter[str]())
    assert seen == {"granted": 30, "sold_out": 10}
    assert [counters(key) for key in built.allocation_ids] == [(1, 1, 40, 0), (1, 1, 20, 0)]
    assert faults(stage.performance_id) == []


def limited(make_stage: Callable[..., Any], conninfo: str) -> tuple[UUID, list[tuple[Any, ...]]]:
    """Return a performance with a limit per customer, and eight orders of one customer.

    Each wants places of another allocation, so that no counter makes them wait for each other.
    """
    types = tuple(f"Type {number}" for number in range(8))
    stage = make_stage(types=types)
    built = build(stage.performance_id, *(Part(kind, 10) for kind in stage.ticket_type_ids))
    set_rule(performance_id=stage.performance_id, max_per_customer=LIMIT)
    return stage.performance_id, [
        (
            conninfo,
            stage.performance_id,
            [{"allocation_id": str(key), "quantity": 1}],
            4,
            MINA,
        )
        for key in built.allocation_ids
    ]


def test_a_customer_at_eight_tills_stays_within_his_limit(
    db_committed: None, make_stage: Callable[..., Any], conninfo: str, crowd: Any
) -> None:
    performance, orders = limited(make_stage, conninfo)
    seen = sum(rush(crowd, orders), Counter[str]())
    assert seen == {"granted": LIMIT, "over_limit": 32 - LIMIT}
    assert faults(performance) == []


@pytest.fixture
def without_the_lock(db_committed: None) -> Iterator[None]:
    """The customer's lock does nothing while the test runs."""
    sound = render(SQL_ROOT / "functions" / "lock_customer_v1.sql").replace(
        "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
    )
    head, body = sound.split("BEGIN\n")
    with connection.cursor() as cursor:
        cursor.execute(head + "BEGIN\nEND $$;")
    yield
    with connection.cursor() as cursor:
        cursor.execute(head + "BEGIN\n" + body)


class Till(threading.Thread):
    """Reserves in a thread with a connection of its own; keeps the answer."""

    def __init__(self, performance: UUID, allocation: UUID, **more: Any) -> None:
        super().__init__()
        self.performance, self.allocation, self.more = performance, allocation, more
        self.answer: Hold | Exception | None = None

    def run(self) -> None:
        try:
            asked = [Places(1, allocation_id=self.allocation)]
            self.answer = reserve(performance_id=self.performance, requests=asked, **self.more)
        except Exception as error:
            self.answer = error
        finally:
            connection.close()


@pytest.mark.parametrize("rolled_back", [True, False])
def test_the_same_customer_waits_and_is_counted_anew(
    db_committed: None, make_stage: Callable[..., Any], conninfo: str, rolled_back: bool
) -> None:
    stage = make_stage(types=("Adult", "Student"))
    adult, student = build(
        stage.performance_id, *(Part(kind, 5) for kind in stage.ticket_type_ids)
    ).allocation_ids
    set_rule(performance_id=stage.performance_id, max_per_customer=1)
    second = Till(stage.performance_id, student, customer="mina")
    with transaction.atomic():
        asked = [Places(1, allocation_id=adult)]
        reserve(performance_id=stage.performance_id, requests=asked, customer="mina")
        second.start()
        wait_for_waiter(conninfo)
        transaction.set_rollback(rolled_back)
    second.join()
    if rolled_back:
        assert isinstance(second.answer, Hold)
    else:
        assert isinstance(second.answer, Refusal)
        assert (second.answer.code, second.answer.facts["had"]) == ("over_limit", 1)


def test_without_the_lock_the_same_customer_is_over_his_limit(
    without_the_lock: None, make_stage: Callable[..., Any]
) -> None:
    """The interleaving above finds it: nobody waits, and both have what only one may have."""
    stage = make_stage(types=("Adult", "Student"))
    adult, student = build(
        stage.performance_id, *(Part(kind, 5) for kind in stage.ticket_type_ids)
    ).allocation_ids
    set_rule(performance_id=stage.performance_id, max_per_customer=1)
    second = Till(stage.performance_id, student, customer="mina")
    with transaction.atomic():
        asked = [Places(1, allocation_id=adult)]
        reserve(performance_id=stage.performance_id, requests=asked, customer="mina")
        second.start()
        second.join()
    assert isinstance(second.answer, Hold)


def test_two_hands_on_the_rules_leave_the_flag_true(
    db_committed: None, make_stage: Callable[..., Any], conninfo: str
) -> None:
    """One drops the only rule while another sets one: whoever is last sees the other."""
    stage = make_stage()
    (allocation,) = build(stage.performance_id, Part(None, 5)).allocation_ids
    set_rule(performance_id=stage.performance_id, max_per_order=1)
    setter = threading.Thread(target=set_for_type, args=(stage,))
    with transaction.atomic():
        drop_rule(performance_id=stage.performance_id)
        setter.start()
        wait_for_waiter(conninfo)
    setter.join()
    assert SalesRule.objects.get(performance_id=stage.performance_id).performance.has_rules
    assert counters(allocation) == (5, 5, 0, 0)


def set_for_type(stage: Any) -> None:
    try:
        set_rule(
            performance_id=stage.performance_id,
            ticket_type_id=stage.ticket_type_ids[0],
            max_per_order=1,
        )
    finally:
        connection.close()


def test_a_channel_and_the_public_share_to_the_last_place(
    db_committed: None, make_stage: Callable[..., Any], conninfo: str, crowd: Any
) -> None:
    """60 places, 25 of them the web's: the public has at most 35, all 60 are held in the end."""
    stage = make_stage()
    performance = stage.performance_id
    (allocation,) = build(performance, Part(None, 60)).allocation_ids
    allot_channel(
        performance_id=performance, channel="web", quantities={allocation: 25}, reason="part"
    )
    asked = [{"allocation_id": str(allocation), "quantity": 1}]
    order = (conninfo, performance, asked, 15)
    answers = rush(crowd, [(*order, WEB)] * 4 + [order] * 4)
    web = sum(answers[:4], Counter[str]())
    public = sum(answers[4:], Counter[str]())
    assert web["granted"] + public["granted"] == 60
    assert public["granted"] <= 35
    assert web + public == {"granted": 60, "sold_out": 60}
    assert counters(allocation) == (0, 0, 60, 0)
    assert faults(performance) == []


def test_a_sale_waits_for_the_channels_release(
    db_committed: None, make_stage: Callable[..., Any], conninfo: str
) -> None:
    """While somebody releases the channel its buyer waits, and then has what is free."""
    performance = make_stage().performance_id
    (allocation,) = build(performance, Part(None, 2)).allocation_ids
    allot_channel(
        performance_id=performance, channel="web", quantities={allocation: 2}, reason="part"
    )
    buyer = Till(performance, allocation, channel="web")
    with transaction.atomic():
        release_channel(performance_id=performance, channel="web")
        buyer.start()
        wait_for_waiter(conninfo)
    buyer.join()
    assert isinstance(buyer.answer, Hold)
    assert counters(allocation) == (1, 1, 1, 0)
    assert faults(performance) == []


def test_prices_that_change_while_many_buy(
    db_committed: None, make_stage: Callable[..., Any], conninfo: str, crowd: Any
) -> None:
    """Each hold has one of the two prices, whole; none is changed afterwards."""
    stage = make_stage()
    built = build(stage.performance_id, Part(None, 200), base_price=Decimal("10.00"))
    asked = [{"allocation_id": str(built.allocation_ids[0]), "quantity": 2}]
    buyers = crowd(clients.take_requests, [(conninfo, stage.performance_id, asked, 20)] * 4)
    buyers.start()
    section = EventSection.objects.filter(pk=built.section_id)
    for number in range(60):
        section.update(base_price=Decimal("30.00" if number % 2 else "10.00"))
    assert sum(buyers.answers(), Counter[str]()) == {"granted": 80}
    section.update(base_price=Decimal("99.00"))
    lines = ReservationLine.objects.filter(performance_id=stage.performance_id)
    prices = set(lines.values_list("unit_price", flat=True))
    assert prices <= {Decimal("10.00"), Decimal("30.00")}
    assert faults(stage.performance_id) == []
