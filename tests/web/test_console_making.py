"""Plans by parameters and by file, and new performances: seen before they are kept."""

import datetime
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fullhouse.events.domain.plans import own
from fullhouse.events.domain.plans.document import Area, Plan, PlanSeat, PlanSection, Row
from fullhouse.events.domain.plans.generate import Floor, Stand, generate
from fullhouse.events.domain.plans.make import Block
from fullhouse.events.models import Event, EventPerformance, Seat, SeatingPlan, SectionTicketType
from fullhouse.events.services.audit import audit
from fullhouse.events.services.plans import document_of, keep_plan
from fullhouse.events.services.resize import resize_allocation
from fullhouse.web.console.plan_picture import DOTS_MOST, drawn

from .conftest import Stall
from .test_console_pages import PART, text_of

NEW_PLAN = reverse("web:console:plan_new")
CREATE = reverse("web:console:create")
BLOCK = {
    "name": "Stalls",
    "side": "middle",
    "category": "A",
    "price": "40",
    "rows": "3",
    "seats_per_row": "8",
    "row_labels": "persian",
    "first_row": "1",
    "numbering": "odd_even",
    "first_seat": "1",
    "right_to_left": "on",
    "curve": "30",
    "aisles_after": "4",
    "accessible": "ا-1..3",
}
FLOOR = {**BLOCK, "name": "Floor", "places": "200", "category": "B", "price": "15"}


def form(*blocks: dict[str, str], **more: str) -> dict[str, str]:
    data = {"blocks-TOTAL_FORMS": str(len(blocks)), "blocks-INITIAL_FORMS": "0", **more}
    for number, block in enumerate(blocks):
        data |= {f"blocks-{number}-{name}": value for name, value in block.items()}
    return data


def test_a_plan_by_parameters_is_drawn_then_kept(staff_client: Client) -> None:
    data = form(BLOCK, FLOOR)
    html = staff_client.post(NEW_PLAN, data, headers=PART).content.decode()
    assert "224 places, 24 of them numbered" in html
    assert html.count("h0") == 24 + 2
    assert "<html" not in html
    before = SeatingPlan.objects.count()
    staff_client.post(NEW_PLAN, {**data, "step": "look"})
    assert SeatingPlan.objects.count() == before
    name = f"hall {uuid4()}"
    staff_client.post(NEW_PLAN, {**data, "name": name, "step": "keep"})
    kept = SeatingPlan.objects.get(name=name)
    assert (kept.seats, kept.places, kept.source_format) == (24, 224, "parameters")
    row = document_of(kept).sections[0].rows[0]
    assert row.row_number == "ا"
    assert [seat.seat_number for seat in row.seats] == ["8", "6", "4", "2", "1", "3", "5", "7"]
    assert [seat.seat_number for seat in row.seats if seat.accessible] == ["1", "3"]
    shown = text_of(staff_client.get(reverse("web:console:plan", args=[kept.pk])))
    assert "224 places, 24 of them numbered" in shown


def test_a_mistake_is_named_at_its_block(staff_client: Client) -> None:
    wrong = {**BLOCK, "name": "Circle", "accessible": "Z-1"}
    shown = text_of(staff_client.post(NEW_PLAN, form(BLOCK, wrong), headers=PART))
    assert "has no seat &#x27;Z-1&#x27;" in shown
    shown = text_of(staff_client.post(NEW_PLAN, form({**BLOCK, "rows": ""}), headers=PART))
    assert "Say how many." in shown
    shown = text_of(staff_client.post(NEW_PLAN, form(BLOCK, step="add")))
    assert shown.count("Price category") == 2


def test_a_block_can_be_left_out(staff_client: Client) -> None:
    data = form(BLOCK, {**FLOOR, "DELETE": "on"})
    assert "24 places, 24 of them numbered" in text_of(
        staff_client.post(NEW_PLAN, data, headers=PART)
    )


def test_every_house_to_begin_with_is_one(staff_client: Client) -> None:
    for kind in ("room", "theatre", "club", "arena", "unheard-of"):
        shown = text_of(staff_client.get(NEW_PLAN, {"like": kind}))
        assert "of them numbered" in shown


def test_a_file_is_seen_before_it_is_kept(staff_client: Client) -> None:
    name = f"file {uuid4()}"
    plan = generate(name, (Stand(block=Block(name="Pit", rows=2, seats_per_row=5)),))
    address = reverse("web:console:plan_import")

    def sent(text: str) -> dict[str, Any]:
        return {"name": name, "file": SimpleUploadedFile("plan.json", text.encode())}

    shown = text_of(staff_client.post(address, sent(own.write(plan)), headers=PART))
    assert "10 places, 10 of them numbered" in shown
    assert not SeatingPlan.objects.filter(name=name).exists()
    assert "This file is no plan" in text_of(staff_client.post(address, sent("{"), headers=PART))
    staff_client.post(address, {**sent(own.write(plan)), "step": "keep"})
    assert SeatingPlan.objects.get(name=name).source_format == "fullhouse"


def test_pictures_of_any_plan() -> None:
    bare = PlanSection(
        name="Stalls",
        rows=(Row(row_number="A", rank=1, seats=(PlanSeat(seat_number="1", rank=1),)),),
        areas=(Area(name="Standing", capacity=9),),
    )
    sketch = drawn(Plan(name="x", sections=(bare, replace(bare, name="Circle"))))
    assert sketch.paths[0].d == "M0.0 0.0h0M0.0 175.0h0"
    assert [label.name for label in sketch.labels] == ["Stalls", "Circle"]
    assert [box.y for box in sketch.areas] == [25.0, 200.0]
    large = generate("x", (Stand(block=Block(name="A", rows=150, seats_per_row=150)),))
    picture = drawn(large)
    assert large.seats > DOTS_MOST
    assert picture.rows
    assert sum(path.d.count("M") for path in picture.paths) == 150
    area = drawn(generate("x", (Floor(area=Area(name="Floor", capacity=9)),)))
    assert [box.places for box in area.areas] == [9]


def asked(stall: Stall, **more: str) -> dict[str, str]:
    return {
        "event": str(stall.event_id),
        "date": "2030-01-04",
        "start_time": "19:30",
        "times": "1",
        "status": "draft",
        "currency": "USD",
        "time_zone": "UTC",
        **more,
    }


def made_on(event_id: UUID) -> list[EventPerformance]:
    return list(EventPerformance.objects.filter(event=event_id, date__year=2030).order_by("date"))


def test_performances_like_an_earlier_one(staff_client: Client, stall: Stall) -> None:
    data = asked(stall, like=str(stall.performance_id), repeat="7", times="3")
    shown = text_of(staff_client.post(CREATE, {**data, "step": "look"}))
    assert "Places of each 170" in shown
    assert "Fri 18 Jan 2030 19:30" in shown
    assert made_on(stall.event_id) == []
    staff_client.post(CREATE, {**data, "step": "do"})
    made = made_on(stall.event_id)
    assert [one.date.day for one in made] == [4, 11, 18]
    leaves = SectionTicketType.objects.filter(performance=made[0])
    assert {(leaf.allocated_capacity, leaf.available_capacity) for leaf in leaves} == {
        (100, 100),
        (20, 20),
        (50, 50),
    }
    assert {leaf.final_price for leaf in leaves} == {Decimal(20), Decimal(500)}
    assert Seat.objects.filter(performance=made[0], status="available").count() == 10
    assert audit(performance_id=made[0].pk) == ()


def test_a_new_event_takes_ticket_types_along(staff_client: Client, stall: Stall) -> None:
    title = f"Gala {uuid4()}"
    data = asked(stall, event="", title=title, venue=str(stall.venue_id))
    staff_client.post(CREATE, {**data, "like": str(stall.performance_id), "step": "do"})
    event = Event.objects.get(title=title)
    assert {one.name for one in event.ticket_types.all()} == {"Adult", "Student"}
    (made,) = made_on(event.pk)
    assert made.max_capacity == 170
    assert {
        leaf.ticket_type.event_id
        for leaf in SectionTicketType.objects.filter(performance=made).select_related("ticket_type")
        if leaf.ticket_type
    } == {event.pk}


def test_everything_new_with_places_alone(staff_client: Client, stall: Stall) -> None:
    title = f"Club night {uuid4()}"
    data = asked(
        stall,
        event="",
        title=title,
        venue_name="Cellar",
        venue_capacity="120",
        time_zone="Asia/Tehran",
        types="Adult\nدانشجو 0.5",
        places="100",
        price="30",
        status="on_sale",
    )
    staff_client.post(CREATE, {**data, "step": "do"})
    event = Event.objects.get(title=title)
    assert event.venue.time_zone == "Asia/Tehran"
    types = {one.name: one.price_modifier for one in event.ticket_types.all()}
    assert types == {"Adult": 1, "دانشجو": Decimal("0.5")}
    (made,) = made_on(event.pk)
    assert (made.max_capacity, made.status) == (100, "on_sale")


def test_a_house_too_large_for_the_venue_leaves_nothing(staff_client: Client, stall: Stall) -> None:
    data = asked(stall, places="501", price="1")
    for step in ("look", "do"):
        shown = text_of(staff_client.post(CREATE, {**data, "step": step}))
        assert "Refused: nothing has moved" in shown
        assert "500" in shown
    assert made_on(stall.event_id) == []


def test_a_time_that_is_taken_is_told(staff_client: Client, stall: Stall) -> None:
    data = asked(stall, places="10", price="1", step="do")
    staff_client.post(CREATE, data)
    response = staff_client.post(CREATE, data)
    assert response.status_code == 200
    assert "Refused: nothing has moved" in text_of(response)
    assert len(made_on(stall.event_id)) == 1


def test_one_source_and_a_price(staff_client: Client, stall: Stall) -> None:
    kept = keep_plan(
        plan=generate("x", (Stand(block=Block(name="Pit", rows=2, seats_per_row=5)),)),
        name=f"pit {uuid4()}",
    )
    both = asked(stall, places="10", plan=str(kept.plan_id), price="5")
    assert "Choose one:" in text_of(staff_client.post(CREATE, both))
    assert "Say the price of a place." in text_of(
        staff_client.post(CREATE, asked(stall, places="10"))
    )
    data = asked(stall, plan=str(kept.plan_id), price="5", step="do")
    staff_client.post(CREATE, data)
    (made,) = made_on(stall.event_id)
    assert (made.max_capacity, made.seating_plan_id) == (10, kept.plan_id)
    assert made.date == datetime.date(2030, 1, 4)


def test_sent_twice_a_new_event_is_made_once(staff_client: Client, stall: Stall) -> None:
    title = f"Premiere {uuid4()}"
    data = asked(stall, event="", title=title, venue=str(stall.venue_id), places="10", price="1")
    data["once"] = str(uuid4())
    staff_client.post(CREATE, {**data, "step": "look"})
    assert not Event.objects.filter(title=title).exists(), "a look is no sending"
    first = staff_client.post(CREATE, {**data, "step": "do"}, follow=True)
    again = staff_client.post(CREATE, {**data, "step": "do"}, follow=True)
    assert "Sent before, and done once: Made: 1 performance" in text_of(again)
    assert again.redirect_chain == first.redirect_chain
    other = staff_client.post(CREATE, {**data, "places": "11", "step": "do"})
    assert "sent before with other values" in text_of(other)
    assert Event.objects.get(title=title).performances.count() == 1


def test_only_what_was_seen_is_made(staff_client: Client, stall: Stall) -> None:
    data = asked(stall, like=str(stall.performance_id))
    looked = staff_client.post(CREATE, {**data, "step": "look"}).content.decode()
    found = re.search(r'name="seen" value="(\w+)"', looked)
    assert found
    resize_allocation(
        performance_id=stall.performance_id, allocation_id=stall.adult_id, allocated_capacity=98
    )
    again = staff_client.post(CREATE, {**data, "step": "do", "seen": found[1]})
    assert "Not done: it would do something else by now" in text_of(again)
    assert "Places of each 168" in text_of(again)
    assert made_on(stall.event_id) == []


def test_persian_digits_and_days_are_read(staff_client: Client, stall: Stall) -> None:
    data = asked(stall, places="۱٬۲۰", price="۱۲٫۵", date="۱۴۰۸/۱۰/۱۵", start_time="۱۹:۳۰")
    staff_client.cookies["django_language"] = "fa"
    staff_client.post(CREATE, {**data, "types": "دانشجو ۰٫۵", "step": "do"})
    (made,) = made_on(stall.event_id)
    assert (made.max_capacity, made.date) == (120, datetime.date(2030, 1, 4))
    assert made.event.ticket_types.get(name="دانشجو").price_modifier == Decimal("0.5")
    block = {**BLOCK, "rows": "۳", "seats_per_row": "۸", "price": "۴۰٫۵", "aisles_after": "۴، ۶"}
    shown = staff_client.post(NEW_PLAN, form(block), headers=PART).content.decode()
    assert "۲۴" in shown
