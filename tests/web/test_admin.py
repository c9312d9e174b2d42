"""The staff console: counters are read, places move by the services, refusals are messages."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse
from engine.houses import make_overdue

from fullhouse.events.models import (
    EventPerformance,
    EventSection,
    Movement,
    Note,
    Reservation,
    SectionTicketType,
    Venue,
)
from fullhouse.events.services.audit import audit
from fullhouse.events.services.expire import expire
from tests.web.conftest import REASON, Stall

Q = dict[str, Any]
OURS = [one for one in apps.get_models() if one.__module__.startswith("fullhouse.")]


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def url(model: str, action: str, *args: object) -> str:
    return reverse(f"admin:events_{model}_{action}", args=args)


def counters(allocation_id: UUID) -> tuple[int, int, int, int]:
    row = SectionTicketType.objects.get(pk=allocation_id)
    return (
        row.allocated_capacity,
        row.available_capacity,
        row.reserved_capacity,
        row.sold_capacity,
    )


def moved(stall: Stall) -> int:
    return Movement.objects.filter(performance=stall.performance_id).count()


LISTS = [
    "venue",
    "event",
    "tickettype",
    "eventperformance",
    "eventsection",
    "sectiontickettype",
    "seat",
    "sectionalias",
    "reservation",
    "reservationline",
    "movement",
    "operation",
    "waitingentry",
]


@pytest.mark.parametrize("model", LISTS)
def test_lists_take_as_many_queries_for_many_as_for_one(
    staff_client: Client, make_house: Any, db: None, model: str
) -> None:
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert staff_client.get(url(model, "changelist")).status_code == 200
        return len(queries)

    make_house()
    once = count()
    make_house()
    make_house()
    assert count() == once


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_of_ours_is_in_the_console(
    staff_client: Client, db: None, model: type[Model]
) -> None:
    opts = model._meta
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    assert staff_client.get(address).status_code == 200


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_nothing_is_written_but_by_a_service(model: type[Model]) -> None:
    shown = admin.site._registry[model]
    request = RequestFactory().get("/")
    request.user = User(is_staff=True, is_superuser=True, is_active=True)
    row = model()
    plain = admin.ModelAdmin
    if shown.has_add_permission(request) or shown.has_change_permission(request, row):
        assert type(shown).save_model is not plain.save_model
    if shown.has_delete_permission(request, row):
        assert type(shown).delete_model is not plain.delete_model
    if model._meta.many_to_many and shown.has_add_permission(request):
        assert type(shown).save_related is not plain.save_related
    for name, (action, *_rest) in shown.get_actions(request).items():
        assert action.__module__.startswith("fullhouse."), name


@pytest.mark.parametrize("model", ["eventperformance", "eventsection", "sectiontickettype"])
def test_lists_are_ordered_and_filtered_by_counters(
    staff_client: Client, stall: Stall, model: str
) -> None:
    columns = next(
        one.list_display for one in admin.site._registry.values() if one.opts.model_name == model
    )
    for name in ("available", "reserved", "sold"):
        order = {"o": f"-{columns.index(name) + 1}"}
        assert staff_client.get(url(model, "changelist"), order).status_code == 200
    full = text_of(staff_client.get(url(model, "changelist"), {"free": "no"}))
    assert str(stall.performance_id) not in full


@pytest.mark.parametrize(
    ("model", "attribute"),
    [
        ("eventsection", "stalls_id"),
        ("sectiontickettype", "adult_id"),
        ("reservation", "sale_id"),
        ("eventperformance", "performance_id"),
    ],
)
def test_no_counter_can_be_typed_in(
    staff_client: Client, stall: Stall, model: str, attribute: str
) -> None:
    html = text_of(staff_client.get(url(model, "change", getattr(stall, attribute))))
    for name in (
        "allocated_capacity",
        "available_capacity",
        "unseated_available",
        "reserved_capacity",
        "sold_capacity",
        "total_capacity",
        "max_capacity",
        "quantity",
        "token_hash",
    ):
        assert f'name="{name}"' not in html


@pytest.mark.parametrize("model", ["movement", "operation", "reservation", "reservationline"])
def test_what_the_engine_wrote_stays(staff_client: Client, stall: Stall, model: str) -> None:
    assert staff_client.get(url(model, "add")).status_code == 403
    if model == "movement":
        row = Movement.objects.filter(performance=stall.performance_id).first()
        assert row is not None
        change = url(model, "change", row.pk)
        assert staff_client.get(change).status_code == 200
        assert staff_client.post(change, {"quantity": 99}).status_code == 403
        assert staff_client.post(url(model, "delete", row.pk)).status_code == 403


def test_resize_goes_through_the_service(staff_client: Client, stall: Stall) -> None:
    address = url("sectiontickettype", "resize", stall.adult_id)
    response = staff_client.post(address, {"capacity": 110, "reason": "extra row"}, follow=True)
    assert "The allocation now has 110 places." in text_of(response)
    assert counters(stall.adult_id) == (110, 98, 7, 5)
    last = Movement.objects.filter(performance=stall.performance_id).order_by("-id").first()
    assert last is not None
    assert (last.actor, last.reason) == ("admin", "extra row")
    assert audit(performance_id=stall.performance_id) == ()


@pytest.mark.parametrize(
    ("model", "action", "attribute", "data", "numbers"),
    [
        ("sectiontickettype", "resize", "adult_id", {"capacity": 11}, ("11", "12")),
        ("eventsection", "resize", "stalls_id", {"capacity": 1000}, ("500",)),
        (
            "sectiontickettype",
            "reallocate",
            "student_id",
            {"ticket_type": "", "quantity": 51},
            ("51", "50"),
        ),
        ("eventperformance", "house", "performance_id", {"quantity": 79}, ("79", "78")),
    ],
)
def test_a_refusal_is_an_error_of_the_form_and_moves_nothing(
    staff_client: Client,
    stall: Stall,
    model: str,
    action: str,
    attribute: str,
    data: Q,
    numbers: tuple[str, ...],
) -> None:
    before = moved(stall)
    data = {"reason": "try", "allocation": stall.adult_id, **data}
    response = staff_client.post(url(model, action, getattr(stall, attribute)), data)
    assert response.status_code == 200
    html = text_of(response)
    errors = html[html.index('class="errornote"') :]
    errors = errors[: errors.index("</div>")]
    for number in numbers:
        assert number in errors
    assert moved(stall) == before


def test_each_desk_asks_for_a_reason(staff_client: Client, stall: Stall) -> None:
    before = moved(stall)
    address = url("sectiontickettype", "resize", stall.adult_id)
    assert "This field is required." in text_of(staff_client.post(address, {"capacity": 110}))
    assert moved(stall) == before


def test_the_house_keeps_named_seats_and_gives_them_back(
    staff_client: Client, stall: Stall
) -> None:
    address = url("eventperformance", "house", stall.performance_id)
    data = {"allocation": stall.adult_id, "quantity": 2, "seats": "a-1، A-02", "reason": "press"}
    assert "4 places are kept by the house" in text_of(
        staff_client.post(address, data, follow=True)
    )
    assert counters(stall.adult_id) == (100, 84, 11, 5)
    kept = Reservation.objects.get(performance=stall.performance_id, reason="press")
    response = staff_client.post(
        url("reservation", "give-back", kept.pk), {"reason": "press stayed away"}, follow=True
    )
    assert "Given back: 4 places" in text_of(response)
    assert counters(stall.adult_id) == (100, 88, 7, 5)
    assert audit(performance_id=stall.performance_id) == ()


def test_a_seat_that_is_not_there_is_named(staff_client: Client, stall: Stall) -> None:
    address = url("eventperformance", "house", stall.performance_id)
    data = {"allocation": stall.adult_id, "seats": "A-1, Z-9", "reason": "press"}
    assert "No such seat in this section: Z-9" in text_of(staff_client.post(address, data))


def test_sales_are_confirmed_released_and_refunded(staff_client: Client, stall: Stall) -> None:
    staff_client.post(url("reservation", "confirm", stall.hold_id), {"reason": "paid at the till"})
    assert counters(stall.adult_id) == (100, 88, 4, 8)
    staff_client.post(url("reservation", "refund", stall.sale_id), {"reason": "illness"})
    assert counters(stall.adult_id) == (100, 93, 4, 3)
    refused = staff_client.post(url("reservation", "release", stall.sale_id), {"reason": "again"})
    assert 'class="errornote"' in text_of(refused)
    assert counters(stall.adult_id) == (100, 93, 4, 3)
    assert audit(performance_id=stall.performance_id) == ()


def test_a_hold_gets_more_time_gives_some_back_and_is_sold_late(
    staff_client: Client, stall: Stall
) -> None:
    def say(desk: str, **data: Any) -> str:
        address = url("reservation", desk, stall.hold_id)
        return text_of(staff_client.post(address, {"reason": "asked for it", **data}, follow=True))

    assert "Extended until" in say("extend", minutes=20)
    assert "longer no hold of this performance may run" in say("extend", minutes=600)
    assert 'class="errornote"' in say("extend", minutes=600)
    note = Note.objects.filter(reservation_id=stall.hold_id).latest("at")
    assert (note.reason, note.facts["capped"]) == ("asked for it", True)
    line = Reservation.objects.get(pk=stall.hold_id).lines.get()
    assert "Choose the one line" in say("release", places=1)
    assert "1 places are free again, 2 stay held" in say("release", lines=[line.pk], places=1)
    assert counters(stall.adult_id) == (100, 89, 6, 5)
    make_overdue(stall.hold_id)
    expire(performance_id=stall.performance_id)
    assert "Confirmed: 2 places are sold." in say("confirm-late")
    assert counters(stall.adult_id) == (100, 89, 4, 7)
    assert audit(performance_id=stall.performance_id) == ()


def test_only_what_applies_is_offered(staff_client: Client, stall: Stall) -> None:
    def offered(reservation_id: UUID) -> set[str]:
        html = text_of(staff_client.get(url("reservation", "change", reservation_id)))
        desks = ("confirm", "extend", "release", "confirm-late", "give-back", "refund")
        return {desk for desk in desks if url("reservation", desk, reservation_id) in html}

    assert offered(stall.hold_id) == {"confirm", "extend", "release", "confirm-late"}
    assert offered(stall.house_id) == {"give-back"}
    assert offered(stall.sale_id) == {"refund"}
    assert REASON in text_of(staff_client.get(url("reservation", "change", stall.house_id)))


def test_sections_are_built_from_a_configuration(staff_client: Client, stall: Stall) -> None:
    address = url("eventperformance", "open", stall.performance_id)
    section = {"name": "Boxes", "base_price": "90.00", "total_capacity": 12, "ticket_types": []}
    for wrong in ("no json", json.dumps({"sections": []}), json.dumps({"sections": [{}]})):
        response = staff_client.post(address, {"configuration": wrong, "reason": "x"})
        assert response.status_code == 200
        assert "error" in text_of(response)
    twice = json.dumps({"sections": [{**section, "name": "stalls"}]})
    refused = staff_client.post(address, {"configuration": twice, "reason": "x"})
    assert 'class="errornote"' in text_of(refused)
    assert EventSection.objects.filter(performance=stall.performance_id).count() == 2
    good = json.dumps({"sections": [section]})
    response = staff_client.post(address, {"configuration": good, "reason": "x"}, follow=True)
    assert "The performance now has 182 places." in text_of(response)


def test_a_rule_that_speaks_at_the_commit_is_a_message(
    staff_client: Client, stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = Venue.objects.get(pk=stall.venue_id)
    data = {"name": venue.name, "time_zone": "UTC", "total_capacity": 169, "reason": "fire door"}
    address = url("venue", "change", venue.pk)
    # The form knows the rule and gives the numbers.
    assert "the venue holds 169" in text_of(staff_client.post(address, data))
    # Another writer may come between: then it is the database that refuses.
    monkeypatch.setattr(Venue, "clean", lambda self: None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    response = staff_client.post(address, data, follow=True)
    assert response.status_code == 200
    assert "169" in text_of(response)
    assert "170" in text_of(response)
    venue.refresh_from_db()
    assert venue.total_capacity == 500


def test_a_performance_with_sections_is_not_deleted(staff_client: Client, stall: Stall) -> None:
    address = url("eventperformance", "delete", stall.performance_id)
    page = staff_client.post(address, {"post": "yes", "reason": "a mistake"})
    assert "would require deleting the following protected" in text_of(page)
    assert EventPerformance.objects.filter(pk=stall.performance_id).exists()


def test_desks_need_the_permission_to_change(stall: Stall) -> None:
    onlooker = User.objects.create_user("onlooker", password="x", is_staff=True)
    onlooker.user_permissions.add(Permission.objects.get(codename="view_sectiontickettype"))
    client = Client()
    client.force_login(onlooker)
    address = url("sectiontickettype", "resize", stall.adult_id)
    change = url("sectiontickettype", "change", stall.adult_id)
    assert client.post(address, {"capacity": 110, "reason": "x"}).status_code == 403
    assert address not in text_of(client.get(change))
    assert counters(stall.adult_id) == (100, 88, 7, 5)
    assert Client().post(address, {"capacity": 110, "reason": "x"}).status_code == 302
