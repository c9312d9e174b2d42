"""The groups of the staff: what each may do at every desk, and that no desk is forgotten."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from fullhouse.events.admin.desk import Desk, DeskAdmin
from fullhouse.events.models import EventPerformance, Note, Seat, WaitingEntry
from fullhouse.events.services.waiting_list import join_waiting_list
from fullhouse.events.staff_groups import (
    AUDITOR,
    BOX_OFFICE,
    GROUPS,
    MANAGER,
    OPERATOR,
    ORDER_TAKEOVERS,
    OWN_PERMISSIONS,
    REFUND,
    SELL,
    make_groups,
)
from tests.web.conftest import Stall

DESKS = [
    (each, desk)
    for each in admin.site._registry.values()
    if isinstance(each, DeskAdmin)
    for desk in each.desks
]
ALLOWED: dict[str, set[str]] = {BOX_OFFICE: {SELL, REFUND}, AUDITOR: set(), OPERATOR: set()}
ALLOWED[MANAGER] = {desk.permission for _, desk in DESKS}


def member(group: str) -> Client:
    user = User.objects.create(username=group, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


def rows(stall: Stall) -> dict[str, Any]:
    entry = join_waiting_list(performance_id=stall.performance_id, quantity=1)
    return {
        "eventperformance": stall.performance_id,
        "reservation": stall.hold_id,
        "eventsection": stall.stalls_id,
        "sectiontickettype": stall.adult_id,
        "waitingentry": WaitingEntry.objects.get(pk=entry.entry_id).pk,
    }


def test_every_desk_names_what_it_takes(db: None) -> None:
    own = {f"events.{code}" for code, _ in OWN_PERMISSIONS}
    assert [desk.name for _, desk in DESKS if desk.permission not in own] == []


@pytest.mark.parametrize("group", GROUPS)
def test_a_desk_opens_to_who_may(stall: Stall, group: str) -> None:
    client, found = member(group), rows(stall)

    def status(where: DeskAdmin, desk: Desk) -> int:
        address = f"admin:events_{where.opts.model_name}_{desk.name}"
        row = found[str(where.opts.model_name)]
        return client.get(reverse(address, args=[row])).status_code

    wanted = {
        (where.opts.model_name, desk.name): 200 if desk.permission in ALLOWED[group] else 403
        for where, desk in DESKS
    }
    assert {(where.opts.model_name, d.name): status(where, d) for where, d in DESKS} == wanted


@pytest.mark.parametrize("group", [AUDITOR, OPERATOR])
def test_an_auditor_reads_everything_and_changes_nothing(stall: Stall, group: str) -> None:
    """So does an operator of takeovers, but at the migration console."""
    client = member(group)
    for model in admin.site._registry:
        if model._meta.app_label in ("auth", "sites"):
            continue
        address = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert client.get(reverse(f"{address}_changelist")).status_code == 200
        assert client.get(reverse(f"{address}_add")).status_code == 403
    change = reverse("admin:events_eventperformance_change", args=[stall.performance_id])
    assert client.post(change, {"status": "closed"}).status_code == 403
    assert EventPerformance.objects.get(pk=stall.performance_id).status == "on_sale"


@pytest.mark.parametrize("group", GROUPS)
def test_only_an_operator_orders_takeovers(db: None, group: str) -> None:
    client = member(group)
    assert User.objects.get(username=group).has_perm(ORDER_TAKEOVERS) is (group == OPERATOR)
    shown = client.get(reverse("web:runs")).content.decode()
    assert ("Plan a takeover" in shown) is (group == OPERATOR)


def test_the_box_office_does_not_see_the_ledger(stall: Stall) -> None:
    client = member(BOX_OFFICE)
    for model in ("movement", "note", "seatingplan"):
        assert client.get(reverse(f"admin:events_{model}_changelist")).status_code == 403


def test_a_manager_edits_a_seat_and_a_note_says_so(stall: Stall) -> None:
    seat = Seat.objects.filter(performance=stall.performance_id).earliest("id")
    data = {
        "reason": "a better seat",
        "is_premium": "on",
        "row_rank": seat.row_rank,
        "seat_rank": seat.seat_rank,
    }
    address = reverse("admin:events_seat_change", args=[seat.pk])
    assert member(MANAGER).post(address, data).status_code == 302
    seat.refresh_from_db()
    assert seat.is_premium
    note = Note.objects.get(performance=stall.performance_id, operation="edit_seats")
    assert (note.actor, note.reason) == (MANAGER, "a better seat")


def test_a_group_keeps_what_a_house_has_added(db: None) -> None:
    group = Group.objects.get(name=BOX_OFFICE)
    before = set(group.permissions.values_list("codename", flat=True))
    extra = Group.objects.get(name=MANAGER).permissions.get(codename="manage_house")
    group.permissions.add(extra)
    group.permissions.remove(group.permissions.get(codename="sell"))
    make_groups(apps.get_app_config("events"))
    after = set(group.permissions.values_list("codename", flat=True))
    assert after == before | {"manage_house"}
