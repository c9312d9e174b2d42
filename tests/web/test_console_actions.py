"""Every action is looked at in a rolled-back try, and only then done, by the same service."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from fullhouse.events.domain.plans.make import Block, make_plan
from fullhouse.events.models import (
    EventPerformance,
    Movement,
    Reservation,
    Seat,
    SectionTicketType,
)
from fullhouse.events.services.audit import audit
from fullhouse.events.services.plans import keep_plan
from fullhouse.events.services.reserve import Places, SeatRequest, reserve
from fullhouse.events.services.resize import resize_allocation
from fullhouse.web.console.actions import ACTIONS

from .conftest import Stall
from .test_console_pages import text_of

LOOK, DO = {"step": "look"}, {"step": "do"}
WHY = {"reason": "the usual"}


def act(subject: str, row: UUID, name: str) -> str:
    return reverse("web:console:act", args=[subject, row, name])


def moved(stall: Stall) -> int:
    return Movement.objects.filter(performance=stall.performance_id).count()


def counters(allocation: UUID) -> tuple[int, int, int]:
    row = SectionTicketType.objects.get(pk=allocation)
    return row.available_capacity, row.reserved_capacity, row.sold_capacity


def test_looking_shows_before_and_after_and_moves_nothing(
    staff_client: Client, stall: Stall
) -> None:
    address = act("allocation", stall.adult_id, "resize")
    before = moved(stall)
    shown = text_of(staff_client.post(address, {**WHY, **LOOK, "capacity": "95"}))
    assert "The allocation now has 95 places." in shown
    assert "100 95 −5" in shown
    assert "88 83 −5" in shown
    assert "Tried out and taken back: nothing has changed yet." in shown
    assert moved(stall) == before
    assert counters(stall.adult_id) == (88, 7, 5)
    told = text_of(staff_client.post(address, {**WHY, **DO, "capacity": "95"}, follow=True))
    assert "The allocation now has 95 places." in told
    assert counters(stall.adult_id) == (83, 7, 5)
    assert audit(performance_id=stall.performance_id) == ()


def test_a_refusal_has_its_numbers_and_nothing_to_press(staff_client: Client, stall: Stall) -> None:
    address = act("allocation", stall.adult_id, "resize")
    response = staff_client.post(address, {**WHY, **LOOK, "capacity": "4"})
    shown = text_of(response)
    assert "Refused: nothing has moved" in shown
    assert "12" in shown
    assert "data-do" not in response.content.decode()
    assert counters(stall.adult_id) == (88, 7, 5)


def test_a_reason_is_asked_for(staff_client: Client, stall: Stall) -> None:
    address = act("allocation", stall.adult_id, "resize")
    shown = text_of(staff_client.post(address, {**DO, "capacity": "95"}))
    assert "This field is required." in shown
    assert counters(stall.adult_id) == (88, 7, 5)


def test_what_the_commit_would_refuse_is_refused_when_looked_at(
    staff_client: Client, stall: Stall
) -> None:
    address = act("section", stall.stalls_id, "resize")
    shown = text_of(staff_client.post(address, {**WHY, **LOOK, "capacity": "5000"}))
    assert "Refused: nothing has moved" in shown


def places(stall: Stall, **more: str) -> dict[str, str]:
    return {"allocation": str(stall.adult_id), "quantity": "2", "seats": "A-1", **WHY, **more}


@pytest.mark.parametrize(
    ("name", "more", "after"),
    [
        ("house", {"owner": "press office"}, (85, 10, 5)),
        ("kill", {}, (85, 10, 5)),
        ("comp", {"recipient": "Gazette"}, (85, 7, 8)),
        ("channel", {"channel": "agency"}, (85, 10, 5)),
    ],
)
def test_places_are_kept_given_and_allotted(
    staff_client: Client, stall: Stall, name: str, more: dict[str, str], after: tuple[int, ...]
) -> None:
    address = act("performance", stall.performance_id, name)
    asked = places(stall, **more)
    looked = staff_client.post(address, {**asked, **LOOK})
    assert "88 85 −3" in text_of(looked)
    assert counters(stall.adult_id) == (88, 7, 5)
    staff_client.post(address, {**asked, **DO})
    assert counters(stall.adult_id) == after
    if name == "kill":
        made = Reservation.objects.filter(performance=stall.performance_id, kind="kill").get()
        assert made.reason == "the usual"


def test_some_places_of_a_sale_are_refunded(staff_client: Client, stall: Stall) -> None:
    address = act("reservation", stall.sale_id, "refund")
    line = Reservation.objects.get(pk=stall.sale_id).lines.get()
    asked = {**WHY, "lines": str(line.pk), "places": "2"}
    shown = text_of(staff_client.post(address, {**asked, **LOOK}))
    assert "Refunded: 2 places, 40.00 USD to pay back." in shown
    staff_client.post(address, {**asked, **DO})
    assert counters(stall.adult_id) == (90, 7, 3)
    assert "Choose the one line" in text_of(
        staff_client.post(address, {**WHY, **LOOK, "places": "1"})
    )


def test_an_exchange_shows_both_sides(staff_client: Client, stall: Stall) -> None:
    address = act("reservation", stall.sale_id, "exchange")
    asked = {**WHY, "allocation": str(stall.student_id), "quantity": "5"}
    shown = text_of(staff_client.post(address, {**asked, **LOOK}))
    assert "2,400.00 USD to be paid" in shown
    assert "Balcony Student 50 0 5 +5" in shown
    assert counters(stall.student_id) == (50, 0, 0)


def test_a_cancellation_tells_its_price_first(staff_client: Client, stall: Stall) -> None:
    address = act("performance", stall.performance_id, "cancel")
    assert "1 sales would be paid back: 100.00 USD." in text_of(staff_client.get(address))
    shown = text_of(staff_client.post(address, {**WHY, **LOOK, "sure": "on"}))
    assert "Cancelled: 5 places refunded, 7 released, 100.00 USD to pay back." in shown
    assert "on sale, Sat 20 Mar 2027 20:00 → cancelled, Sat 20 Mar 2027 20:00" in shown
    assert EventPerformance.objects.get(pk=stall.performance_id).status == "on_sale"
    staff_client.post(address, {**WHY, **DO, "sure": "on"})
    assert EventPerformance.objects.get(pk=stall.performance_id).status == "cancelled"
    assert "can no longer be done here" in text_of(staff_client.get(address, follow=True))


def test_a_change_of_plan_never_loses_a_held_seat(
    staff_client: Client, stall: Stall, make_stage: Any
) -> None:
    evening = make_stage(total_capacity=100).performance_id
    name = f"round {uuid4()}"

    def plan(rows: int) -> str:
        made = make_plan(name, blocks=(Block(name="Round", rows=rows, seats_per_row=4),))
        return str(keep_plan(plan=made, name=name).plan_id)

    address = act("performance", evening, "plan")
    asked = {**WHY, "price": "25", "currency": "USD"}
    staff_client.post(address, {**asked, **DO, "plan": plan(3)})
    seat = Seat.objects.get(performance=evening, row_number="C", seat_number="4")
    reserve(performance_id=evening, requests=[SeatRequest(seat.pk)])
    shown = text_of(staff_client.post(address, {**asked, **LOOK, "plan": plan(2)}))
    assert "C-4" in shown
    shown = text_of(staff_client.post(address, {**asked, **LOOK, "plan": plan(4)}))
    assert "12 16 +4" in shown
    assert Seat.objects.filter(performance=evening).count() == 12
    staff_client.post(address, {**asked, **DO, "plan": plan(4)})
    assert Seat.objects.filter(performance=evening).count() == 16


def test_a_postponement_shows_the_new_date(staff_client: Client, stall: Stall) -> None:
    address = act("performance", stall.performance_id, "postpone")
    asked = {**WHY, "date": "2028-01-02", "start_time": "19:00"}
    shown = text_of(staff_client.post(address, {**asked, **LOOK}))
    assert "→ on sale, Sun 2 Jan 2028 19:00" in shown
    assert "No place moves." in shown
    staff_client.post(address, {**asked, **DO})
    assert EventPerformance.objects.get(pk=stall.performance_id).date.year == 2028


def test_seats_to_press_are_those_of_the_place_chosen(staff_client: Client, stall: Stall) -> None:
    address = reverse("web:console:picker")
    html = staff_client.get(address, {"allocation": str(stall.adult_id)}).content.decode()
    assert html.count("data-seat=") == 10
    assert 'data-seat="A-1"' in html
    assert "no numbered seats" in text_of(
        staff_client.get(address, {"section": str(stall.balcony_id)})
    )
    assert "Choose where first." in text_of(staff_client.get(address, {"allocation": ""}))


def test_every_action_that_applies_has_a_page(staff_client: Client, stall: Stall) -> None:
    rows = {
        "performance": [stall.performance_id],
        "section": [stall.stalls_id],
        "allocation": [stall.adult_id],
        "reservation": [stall.sale_id, stall.hold_id, stall.house_id],
    }
    opened = set()
    for one in ACTIONS:
        for row in rows[one.subject]:
            response = staff_client.get(act(one.subject, row, one.name))
            assert response.status_code in (200, 302)
            if response.status_code == 200:
                opened.add((one.subject, one.name))
    missing = {(one.subject, one.name) for one in ACTIONS} - opened
    assert missing == {
        ("performance", "release-channel"),
        ("performance", "resume"),
        ("reservation", "release-time"),
    }


def seen(shown: str) -> dict[str, str]:
    """Return what the page sends along of the effect that it has shown."""
    found = re.search(r'name="seen" value="(\w+)"', shown)
    assert found
    return {"seen": found.group(1)}


def test_only_what_was_seen_is_done(staff_client: Client, stall: Stall) -> None:
    """Two managers at one allocation: the second is shown what his order would do by now."""
    address = act("allocation", stall.adult_id, "resize")
    asked = {**WHY, "capacity": "95"}
    looked = seen(staff_client.post(address, {**asked, **LOOK}).content.decode())
    resize_allocation(
        performance_id=stall.performance_id, allocation_id=stall.adult_id, allocated_capacity=98
    )
    again = staff_client.post(address, {**asked, **DO, **looked})
    assert "Not done: it would do something else by now" in text_of(again)
    assert "98 95 −3" in text_of(again)
    assert counters(stall.adult_id) == (86, 7, 5)
    staff_client.post(address, {**asked, **DO, **seen(again.content.decode())})
    assert counters(stall.adult_id) == (83, 7, 5)


def test_what_others_sell_meanwhile_is_no_part_of_it(staff_client: Client, stall: Stall) -> None:
    address = act("performance", stall.performance_id, "house")
    looked = staff_client.post(address, {**places(stall), **LOOK}).content.decode()
    reserve(performance_id=stall.performance_id, requests=[Places(9, allocation_id=stall.adult_id)])
    shown = text_of(
        staff_client.post(address, {**places(stall), **DO, **seen(looked)}, follow=True)
    )
    assert "Not done" not in shown
    assert counters(stall.adult_id) == (76, 19, 5)


def test_other_seats_than_those_seen_are_another_effect(staff_client: Client, stall: Stall) -> None:
    address = act("performance", stall.performance_id, "hold")
    asked = {**WHY, "quantity": "2", "minutes": "10"}
    shown = staff_client.post(address, {**asked, **LOOK})
    assert "are held: …" in text_of(shown), "a reference that nobody will have is not told"
    chosen = Seat.objects.filter(performance=stall.performance_id, seat_number__in="4567")
    reserve(performance_id=stall.performance_id, requests=[SeatRequest(one.pk) for one in chosen])
    again = text_of(staff_client.post(address, {**asked, **DO, **seen(shown.content.decode())}))
    assert "Not done: it would do something else by now" in again
