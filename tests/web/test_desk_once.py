"""A desk's form that is sent a second time is done once, and answered as the first time."""

import ast
import re
import threading
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from engine.houses import wait_for_waiter

import fullhouse
from fullhouse.events.admin import desk
from fullhouse.events.admin.desk import DeskForm
from fullhouse.events.admin.plan_forms import PlanForm
from fullhouse.events.models import (
    EventPerformance,
    Movement,
    Operation,
    Reservation,
    Seat,
    SectionTicketType,
    WaitingEntry,
)
from fullhouse.events.services.audit import audit
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.reserve import SeatRequest, reserve
from fullhouse.events.services.waiting_list import join_waiting_list

from .conftest import Stall
from .test_admin import url
from .test_console_pages import text_of

WHY = {"reason": "the usual"}
AGAIN = "Sent before, and done once:"


def in_admin(subject: str, row: UUID, name: str) -> str:
    model = {"performance": "eventperformance", "allocation": "sectiontickettype"}
    return url(model.get(subject, subject), name, row)


def in_console(subject: str, row: UUID, name: str) -> str:
    return reverse("web:console:act", args=[subject, row, name])


def once_of(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    field = re.search(r'<input type="hidden" name="once" value="([^"]+)"', page)
    assert field
    return str(UUID(field.group(1)))


def told_by(response: Any) -> str:
    """What was done, as the page says it."""
    said = [str(one) for one in response.context["messages"]]
    assert len(said) == 1, text_of(response)
    return said[0]


def moved(stall: Stall) -> int:
    return Movement.objects.filter(performance=stall.performance_id).count()


def asked_of(stall: Stall) -> dict[str, tuple[str, UUID, dict[str, object]]]:
    """A desk of each kind: its subject, its row and what it is sent with."""
    line = Reservation.objects.get(pk=stall.sale_id).lines.get().pk
    places = {"allocation": stall.adult_id, "quantity": 2}
    return {
        "house": ("performance", stall.performance_id, {**places, "seats": "A-1"}),
        "comp": ("performance", stall.performance_id, {**places, "recipient": "Gazette"}),
        "offer": ("performance", stall.performance_id, {}),
        "cancel": ("performance", stall.performance_id, {"sure": "on"}),
        "resize": ("allocation", stall.adult_id, {"capacity": 95}),
        "move": ("allocation", stall.adult_id, {"quantity": 3}),
        "refund": ("reservation", stall.sale_id, {"lines": line}),
        "exchange": ("reservation", stall.sale_id, {"allocation": stall.pool_id, "quantity": 5}),
        "release": ("reservation", stall.hold_id, {}),
        "transfer": ("reservation", stall.sale_id, {"customer": "Grace"}),
    }


@pytest.mark.parametrize("place", [in_admin, in_console])
@pytest.mark.parametrize("name", ["house", "comp", "offer", "resize", "refund", "exchange"])
def test_a_second_sending_is_told_what_the_first_did(
    staff_client: Client, stall: Stall, place: Any, name: str
) -> None:
    for _party in range(2):
        join_waiting_list(performance_id=stall.performance_id, quantity=1)
    subject, row, asked = asked_of(stall)[name]
    address = place(subject, row, name)
    sent = {**WHY, **asked, "step": "do", "once": once_of(staff_client, address)}
    first = told_by(staff_client.post(address, sent, follow=True))
    was, logged = moved(stall), LogEntry.objects.count()
    assert told_by(staff_client.post(address, sent, follow=True)) == f"{AGAIN} {first}"
    assert (moved(stall), LogEntry.objects.count()) == (was, logged)
    assert WaitingEntry.objects.filter(status="offered").count() == (name == "offer")
    assert audit(performance_id=stall.performance_id) == ()


@pytest.mark.parametrize("name", ["cancel", "release", "refund"])
def test_what_applies_no_longer_is_told_too(staff_client: Client, stall: Stall, name: str) -> None:
    subject, row, asked = asked_of(stall)[name]
    address = in_console(subject, row, name)
    sent = {**WHY, **asked, "step": "do", "once": once_of(staff_client, address)}
    first = told_by(staff_client.post(address, sent, follow=True))
    assert told_by(staff_client.post(address, sent, follow=True)) == f"{AGAIN} {first}"
    told = told_by(staff_client.post(address, {**sent, "once": str(uuid4())}, follow=True))
    assert "can no longer be done here" in told


def test_a_swap_is_not_undone_by_its_second_sending(staff_client: Client, stall: Stall) -> None:
    sales = []
    for number in ("1", "2"):
        seat = Seat.objects.get(
            performance=stall.performance_id, row_number="A", seat_number=number
        )
        held = reserve(performance_id=stall.performance_id, requests=[SeatRequest(seat.pk)])
        confirm(performance_id=stall.performance_id, reservation_id=held.reservation_id)
        sales.append(held.reservation_id)
    address = url("reservation", "reseat", sales[0])
    sent = {**WHY, "section": stall.stalls_id, "seats": "A-2", "swap": "on"}
    sent["once"] = once_of(staff_client, address)
    first = told_by(staff_client.post(address, sent, follow=True))
    assert told_by(staff_client.post(address, sent, follow=True)) == f"{AGAIN} {first}"
    line = Reservation.objects.get(pk=sales[0]).lines.select_related("seat").get()
    assert line.seat is not None
    assert line.seat.seat_number == "2"


@pytest.mark.parametrize("place", [in_admin, in_console])
def test_other_values_under_the_same_key_are_refused(
    staff_client: Client, stall: Stall, place: Any
) -> None:
    address = place("allocation", stall.adult_id, "resize")
    sent = {**WHY, "step": "do", "capacity": 95, "once": once_of(staff_client, address)}
    staff_client.post(address, sent)
    response = staff_client.post(address, {**sent, "capacity": 94})
    assert "was sent before with other values" in text_of(response)
    assert SectionTicketType.objects.get(pk=stall.adult_id).allocated_capacity == 95


def test_looks_errors_and_refusals_use_nothing_up(staff_client: Client, stall: Stall) -> None:
    address = in_console("allocation", stall.adult_id, "resize")
    key = once_of(staff_client, address)
    sent: dict[str, object] = {**WHY, "once": key, "capacity": 95}
    for wrong in (
        {"step": "look"},
        {"step": "do", "reason": ""},
        {"step": "do", "capacity": 4},
    ):
        page = staff_client.post(address, {**sent, **wrong})
        assert f'name="once" value="{key}"' in page.content.decode()
        assert not Operation.objects.filter(performance=stall.performance_id).exists()
    told = told_by(staff_client.post(address, {**sent, "step": "do"}, follow=True))
    assert told == "The allocation now has 95 places."


def test_a_look_at_a_plan_may_be_followed_by_the_change() -> None:
    form = PlanForm.__new__(PlanForm)
    DeskForm.__init__(form, EventPerformance(), QueryDict("once=a&look=on"))
    assert form.key is None
    DeskForm.__init__(form, EventPerformance(), QueryDict("once=a"))
    assert form.key is not None


def test_without_a_key_each_sending_is_one_of_its_own(staff_client: Client, stall: Stall) -> None:
    address = url("eventperformance", "comp", stall.performance_id)
    for _time in range(2):
        staff_client.post(address, {**WHY, "allocation": stall.adult_id, "quantity": 2})
    given = Reservation.objects.filter(performance=stall.performance_id, kind="comp")
    assert given.count() == 2


@pytest.mark.parametrize("place", [in_admin, in_console])
def test_of_two_at_once_the_second_waits_and_is_told_the_same(
    db_committed: None, conninfo: str, make_house: Any, place: Any
) -> None:
    stall = make_house()
    user = User.objects.create(username=f"s{uuid4()}", is_staff=True, is_superuser=True)
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(user)
    address = place("performance", stall.performance_id, "comp")
    sent = {**WHY, "allocation": stall.adult_id, "quantity": 2, "step": "do", "once": uuid4()}
    answers: list[Any] = []

    def second() -> None:
        try:
            answers.append(clients[1].post(address, sent))
        finally:
            connection.close()

    other = threading.Thread(target=second)
    with transaction.atomic():
        first = clients[0].post(address, sent)
        other.start()
        wait_for_waiter(conninfo)
    other.join()
    assert [one.status_code for one in (first, *answers)] == [302, 302]
    given = Reservation.objects.filter(performance=stall.performance_id, kind="comp")
    assert given.count() == 1
    assert audit(performance_id=stall.performance_id) == ()


def every_form(of: type[DeskForm] = DeskForm) -> list[type[DeskForm]]:
    return [one for each in of.__subclasses__() for one in (each, *every_form(each))]


def test_every_desk_acts_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    reverse("web:console:house")  # loads every desk
    forms = every_form()
    assert len(forms) > 30
    for form in forms:
        assert form.attempt is DeskForm.attempt, form
        assert form.base_fields["once"].widget.is_hidden, form
        acts: list[str] = []
        monkeypatch.setattr(form, "is_valid", lambda self: True)
        monkeypatch.setattr(form, "act", lambda self, actor, acts=acts: acts.append(actor) or "ok")
        row, sent = EventPerformance(pk=uuid4()), QueryDict("once=a&reason=why")
        told = []
        for _time in range(2):
            one = form.__new__(form)
            DeskForm.__init__(one, row, sent)
            told.append(one.attempt("mina"))
        assert (acts, told) == (["mina"], ["ok", f"{AGAIN} ok"]), form


def test_nothing_acts_beside_attempt() -> None:
    """A desk's `act` called by itself would be done as often as it is sent."""
    root = Path(fullhouse.__file__).parent
    callers = [
        file.name
        for folder in (root / "events", root / "web")
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "act"
    ]
    assert callers == [Path(desk.__file__).name]
