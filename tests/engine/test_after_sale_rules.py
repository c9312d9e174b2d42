"""What holds for a sale holds after it: limits, windows, seats kept for those who need them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.models import EventPerformance, EventSection, Reservation, WaitingEntry
from fullhouse.events.services.cancel import cancel_performance
from fullhouse.events.services.exchange import exchange
from fullhouse.events.services.refund import RefundLine
from fullhouse.events.services.reserve import Hold, Places, SeatRequest, reserve
from fullhouse.events.services.sales_rules import set_rule
from fullhouse.events.services.transfer import transfer
from fullhouse.events.services.waiting_list import join_waiting_list

from .conftest import Hall
from .houses import Part, build, counters, faults

Refused = Callable[..., Refusal]
PAST = datetime(2020, 1, 1, tzinfo=UTC)


def hold(hall: Hall, *asked: Places | SeatRequest, customer: str = "ada") -> Hold:
    return reserve(performance_id=hall.performance_id, requests=list(asked), customer=customer)


def test_a_limit_looks_at_the_order_as_it_becomes(hall: Hall, refused: Refused) -> None:
    """Two go for three: one stays, so that four would be in the order, and three are allowed."""
    set_rule(performance_id=hall.performance_id, max_per_order=3)
    held = hold(hall, Places(2, allocation_id=hall.adult_places))
    part = [RefundLine(held.lines[0].line_id, 1)]
    no = refused(
        exchange,
        reservation_id=held.reservation_id,
        lines=part,
        requests=[Places(3, allocation_id=hall.pool)],
    )
    assert (no.code, no.facts["limit"], no.facts["wanted"]) == ("over_limit", 3, 4)
    done = exchange(
        performance_id=hall.performance_id,
        reservation_id=held.reservation_id,
        requests=[Places(3, allocation_id=hall.pool)],
    )
    assert sum(line.quantity for line in done.lines) == 3


def test_what_stays_was_bought_while_its_window_was_open(hall: Hall, refused: Refused) -> None:
    held = hold(hall, Places(2, allocation_id=hall.student_places))
    set_rule(performance_id=hall.performance_id, ticket_type_id=hall.student, sales_close_at=PAST)
    part = [RefundLine(held.lines[0].line_id, 1)]
    no = refused(
        exchange,
        reservation_id=held.reservation_id,
        requests=[Places(1, allocation_id=hall.student_places)],
    )
    assert (no.code, no.facts["ticket_type_id"]) == ("closed", str(hall.student))
    done = exchange(
        performance_id=hall.performance_id,
        reservation_id=held.reservation_id,
        lines=part,
        requests=[Places(1, allocation_id=hall.adult_places)],
    )
    assert done.given_up < done.total


def test_a_customer_gets_no_more_by_transfer_than_by_buying(hall: Hall, refused: Refused) -> None:
    set_rule(performance_id=hall.performance_id, max_per_customer=3)
    held = hold(hall, Places(2, allocation_id=hall.adult_places))
    hold(hall, Places(2, allocation_id=hall.pool), customer="grace")
    no = refused(transfer, reservation_id=held.reservation_id, customer="grace")
    assert (no.code, no.facts["limit"], no.facts["had"], no.facts["wanted"]) == (
        "over_limit",
        3,
        2,
        2,
    )
    part = [RefundLine(held.lines[0].line_id, 1)]
    transfer(
        performance_id=hall.performance_id,
        reservation_id=held.reservation_id,
        customer="grace",
        lines=part,
    )


def test_seats_kept_for_those_who_need_them_are_kept(hall: Hall, refused: Refused) -> None:
    held = hold(hall, SeatRequest(hall.adult_seats[0]))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE events_seat SET is_accessible = true WHERE id = %s", [hall.adult_seats[1]]
        )
    no = refused(
        exchange,
        reservation_id=held.reservation_id,
        requests=[SeatRequest(hall.adult_seats[1])],
    )
    assert (no.code, no.facts["seats"]) == ("protected", ["R0-2"])


@pytest.fixture
def row(db_committed: None, make_stage: Callable[..., Any]) -> Any:
    """A row of four seats of which nobody may leave a single one."""
    performance = make_stage().performance_id
    built = build(performance, Part(None, 4, seats=4))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        for rank, seat in enumerate(built.seat_ids[0], start=1):
            cursor.execute(
                "UPDATE events_seat SET row_rank = 1, seat_rank = %s WHERE id = %s", [rank, seat]
            )
    EventSection.objects.filter(pk=built.section_id).update(orphan_rule=True)
    yield performance, built.seat_ids[0]
    assert faults(performance) == []


def test_an_exchange_leaves_no_single_seat(row: tuple[UUID, tuple[UUID, ...]]) -> None:
    performance, seats = row
    held = reserve(performance_id=performance, requests=[SeatRequest(s) for s in seats[:2]])
    with pytest.raises(Refusal) as caught:
        exchange(
            performance_id=performance,
            reservation_id=held.reservation_id,
            requests=[SeatRequest(seat) for seat in seats[1:3]],
        )
    assert caught.value.code == "leaves_single"
    exchange(
        performance_id=performance,
        reservation_id=held.reservation_id,
        requests=[SeatRequest(seat) for seat in seats[2:]],
    )


def test_what_is_given_up_reaches_the_waiting_list_first(hall: Hall) -> None:
    EventPerformance.objects.filter(pk=hall.performance_id).update(waiting_list_first=True)
    held = hold(hall, Places(5, allocation_id=hall.student_places))
    join_waiting_list(
        performance_id=hall.performance_id, quantity=3, ticket_type_id=hall.student, customer="eve"
    )
    exchange(
        performance_id=hall.performance_id,
        reservation_id=held.reservation_id,
        requests=[Places(2, allocation_id=hall.student_places)],
    )
    assert counters(hall.student_places) == (0, 0, 5, 0)
    offer = WaitingEntry.objects.get(performance=hall.performance_id).offer_id
    assert Reservation.objects.get(pk=offer).kind == "offer"


def test_a_cancelled_performance_has_nobody_waiting(hall: Hall) -> None:
    hold(hall, Places(5, allocation_id=hall.student_places))
    join_waiting_list(
        performance_id=hall.performance_id, quantity=3, ticket_type_id=hall.student, customer="eve"
    )
    cancel_performance(performance_id=hall.performance_id, reason="storm")
    assert WaitingEntry.objects.get(performance=hall.performance_id).status == "withdrawn"
