"""The desks after the sale: exchange, reseat, transfer, cancel, postpone, resume."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from fullhouse.events.models import EventPerformance, Reservation, Seat
from fullhouse.events.services.audit import audit
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.reserve import SeatRequest, reserve

from .conftest import Stall
from .test_admin import counters, text_of, url


@pytest.fixture
def seated(stall: Stall) -> tuple[UUID, UUID]:
    """Two sales of one seat each: A-1 and A-2 of the stalls."""
    made = []
    for number in ("1", "2"):
        seat = Seat.objects.get(
            performance=stall.performance_id, row_number="A", seat_number=number
        )
        held = reserve(performance_id=stall.performance_id, requests=[SeatRequest(seat.pk)])
        confirm(performance_id=stall.performance_id, reservation_id=held.reservation_id)
        made.append(held.reservation_id)
    return made[0], made[1]


def seats_of(reservation_id: UUID) -> list[str]:
    rows = Reservation.objects.get(pk=reservation_id).lines.filter(status="sold")
    return [str(row.seat.seat_number) for row in rows.select_related("seat") if row.seat]


def test_an_exchange_tells_the_difference(staff_client: Client, stall: Stall) -> None:
    address = url("reservation", "exchange", stall.sale_id)
    page = text_of(staff_client.get(address))
    assert "Balcony" in page
    data = {"allocation": stall.pool_id, "quantity": 2, "reason": "two fell ill"}
    told = text_of(staff_client.post(address, data, follow=True))
    assert "to give back" in told
    assert counters(stall.adult_id) == (100, 93, 7, 0)
    assert audit(performance_id=stall.performance_id) == ()


def test_an_exchange_that_is_refused_moves_nothing(staff_client: Client, stall: Stall) -> None:
    before = counters(stall.adult_id)
    data = {"allocation": stall.pool_id, "quantity": 999, "reason": "greed"}
    told = text_of(staff_client.post(url("reservation", "exchange", stall.sale_id), data))
    assert "Not enough places: 999 wanted" in told
    assert counters(stall.adult_id) == before


def test_two_parties_swap_seats(
    staff_client: Client, stall: Stall, seated: tuple[UUID, UUID]
) -> None:
    one, two = seated
    address = url("reservation", "reseat", one)
    data = {"section": stall.stalls_id, "seats": "A-2", "reason": "they want to sit together"}
    assert "no longer free: A-2" in text_of(staff_client.post(address, data))
    told = text_of(staff_client.post(address, {**data, "swap": "on"}, follow=True))
    assert "Moved:" in told
    assert (seats_of(one), seats_of(two)) == (["2"], ["1"])
    wrong = text_of(staff_client.post(address, {**data, "seats": "A-3, A-4"}))
    assert "1 seats are given up, 2 new ones are named." in wrong


def test_a_transfer_asks_whom_it_goes_to(staff_client: Client, stall: Stall) -> None:
    address = url("reservation", "transfer", stall.sale_id)
    assert 'class="errorlist"' in text_of(staff_client.post(address, {"reason": "a present"}))
    data = {"customer": "Grace", "reason": "a present"}
    assert "5 places go to the new customer" in text_of(
        staff_client.post(address, data, follow=True)
    )
    assert Reservation.objects.get(pk=stall.sale_id).customer == "Grace"


def test_a_cancelling_says_beforehand_what_it_costs(staff_client: Client, stall: Stall) -> None:
    address = url("eventperformance", "cancel", stall.performance_id)
    assert "1 sales would be paid back" in text_of(staff_client.get(address))
    told = text_of(staff_client.post(address, {"sure": "on", "reason": "storm"}, follow=True))
    assert "Cancelled: 5 places refunded, 7 released" in told
    assert EventPerformance.objects.get(pk=stall.performance_id).status == "cancelled"
    assert counters(stall.adult_id) == (100, 100, 0, 0)


def test_postponed_and_on_again(staff_client: Client, stall: Stall) -> None:
    address = url("eventperformance", "postpone", stall.performance_id)
    assert "stays valid" in text_of(staff_client.post(address, {"reason": "illness"}, follow=True))
    assert EventPerformance.objects.get(pk=stall.performance_id).status == "postponed"
    data = {"date": "2027-06-01", "reason": "a date"}
    assert "Postponed to 1 Jun 2027" in text_of(staff_client.post(address, data, follow=True))
    resume = url("eventperformance", "resume", stall.performance_id)
    assert "On sale again" in text_of(staff_client.post(resume, {"reason": "well"}, follow=True))


def test_what_a_desk_does_cannot_be_typed_in(staff_client: Client, stall: Stall) -> None:
    address = url("eventperformance", "change", stall.performance_id)
    page = text_of(staff_client.get(address))
    assert 'value="closed"' in page
    assert 'value="cancelled"' not in page
    EventPerformance.objects.filter(pk=stall.performance_id).update(status="cancelled")
    page = text_of(staff_client.get(address))
    assert 'value="on_sale"' not in page


@pytest.mark.parametrize(
    ("row", "offered"),
    [
        ("sale_id", {"exchange", "reseat", "transfer"}),
        ("hold_id", {"exchange", "reseat", "transfer"}),
        ("house_id", {"reseat"}),
    ],
)
def test_only_what_applies_is_offered(
    staff_client: Client, stall: Stall, row: str, offered: set[str]
) -> None:
    key: Any = getattr(stall, row)
    html = text_of(staff_client.get(url("reservation", "change", key)))
    desks = ("exchange", "reseat", "transfer")
    assert {desk for desk in desks if url("reservation", desk, key) in html} == offered
