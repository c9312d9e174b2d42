"""The desk of seating plans: a house is built from one, and changed to another after a look."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.test import Client

from fullhouse.events.domain.plans.make import Block, make_plan
from fullhouse.events.models import EventPerformance, Seat
from fullhouse.events.services.audit import audit
from fullhouse.events.services.plans import keep_plan
from fullhouse.events.services.reserve import SeatRequest, reserve

from .conftest import Stall
from .test_admin import text_of, url


def plan(name: str, rows: int) -> str:
    made = make_plan(name, blocks=(Block(name="Circle", rows=rows, seats_per_row=4),))
    return str(keep_plan(plan=made, name=name).plan_id)


def test_a_house_is_built_then_changed_after_a_look(
    staff_client: Client, stall: Stall, make_stage: Any
) -> None:
    name = f"circle {uuid4()}"
    evening = make_stage(total_capacity=100).performance_id
    address = url("eventperformance", "plan", evening)
    assert "Only look" not in text_of(staff_client.get(address))
    data = {"plan": plan(name, 3), "price": "25", "currency": "usd", "reason": "as built"}
    told = text_of(staff_client.post(address, {**data, "price": ""}))
    assert "price" in told
    assert EventPerformance.objects.get(pk=evening).max_capacity == 0
    assert "now has 12 places" in text_of(staff_client.post(address, data, follow=True))
    seat = Seat.objects.filter(performance=evening).order_by("row_rank", "seat_rank").last()
    assert seat is not None
    reserve(performance_id=evening, requests=[SeatRequest(seat.pk)])
    smaller = {**data, "plan": plan(name, 2), "look": "on"}
    assert seat.seat_number in text_of(staff_client.post(address, smaller))
    larger = {**data, "plan": plan(name, 4), "look": "on"}
    assert "4 seats more" in text_of(staff_client.post(address, larger, follow=True))
    assert EventPerformance.objects.get(pk=evening).max_capacity == 12
    del larger["look"]
    told = text_of(staff_client.post(address, larger, follow=True))
    assert "Changed: 4 seats more, 0 fewer" in told
    assert EventPerformance.objects.get(pk=evening).max_capacity == 16
    assert {each.price for each in Seat.objects.filter(performance=evening)} <= {None, Decimal(25)}
    assert audit(performance_id=evening) == ()
