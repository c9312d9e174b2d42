"""Repairs, stories and the past in the staff console: what is shown, who may, what is done."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.urls import reverse

from fullhouse.events.models import Note, Seat
from fullhouse.events.services.audit import audit

from .conftest import Stall
from .test_admin import text_of, url


def wound(stall: Stall) -> None:
    """Let two free places of the pool count as sold."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        cursor.execute(
            "UPDATE events_sectiontickettype SET available_capacity = available_capacity - 2,"
            " unseated_available = unseated_available - 2, sold_capacity = sold_capacity + 2"
            " WHERE id = %s",
            [stall.pool_id],
        )


def digest_of(page: Any) -> str:
    found = re.search(r'name="digest" value="(\w+)"', page.content.decode())
    assert found
    return found.group(1)


def test_a_repair_is_shown_then_done_as_shown(staff_client: Client, stall: Stall) -> None:
    address = url("eventperformance", "repair", stall.performance_id)
    assert "nothing to repair" in text_of(staff_client.get(address))
    wound(stall)
    page = staff_client.get(address)
    assert "available 18 → 20" in text_of(page)
    assert "sold 2 → 0" in text_of(page)
    assert audit(performance_id=stall.performance_id) != ()

    unsaid = staff_client.post(address, {"digest": digest_of(page)})
    assert "errorlist" in text_of(unsaid)
    assert digest_of(unsaid) == digest_of(page)
    wound(stall)
    data = {"digest": digest_of(page), "reason": "restored"}
    other = staff_client.post(address, data)
    assert "available 16 → 20" in text_of(other)
    assert audit(performance_id=stall.performance_id) != ()

    data["digest"] = digest_of(other)
    assert "1 row mended." in text_of(staff_client.post(address, data, follow=True))
    assert audit(performance_id=stall.performance_id) == ()
    note = Note.objects.get(performance=stall.performance_id, operation="repair")
    assert (note.actor, note.reason) == ("admin", "restored")


def test_the_story_of_each_in_sentences(staff_client: Client, stall: Stall) -> None:
    told = text_of(staff_client.get(url("sectiontickettype", "story", stall.adult_id)))
    assert "5 places were sold out of the hold" in told
    assert "Now: 88 available, 7 reserved, 5 sold." in told
    told = text_of(staff_client.get(url("reservation", "story", stall.sale_id)))
    assert "5 places were held" in told
    assert "by till-7" in told
    seat = Seat.objects.filter(performance=stall.performance_id).first()
    assert seat is not None
    address = url("seat", "story", seat.pk)
    assert "Now: available." in text_of(staff_client.get(address))
    assert address in text_of(staff_client.get(url("seat", "change", seat.pk)))
    persian = text_of(staff_client.get(address, headers={"accept-language": "fa"}))
    assert "اکنون: آزاد." in persian


def test_the_house_at_an_instant(staff_client: Client, stall: Stall) -> None:
    address = url("eventperformance", "at", stall.performance_id)
    now = text_of(staff_client.get(address))
    assert "<td>100</td><td>88</td><td>7</td><td>5</td>" in now
    past = text_of(staff_client.get(address, {"at": "2020-01-01T10:00:00"}))
    assert "1 Jan 2020, 10:00:00 (UTC)" in past
    assert "<td>100</td>" not in past
    assert "has not come yet" in text_of(staff_client.get(address, {"at": "2099-01-01T10:00:00"}))
    assert "errorlist" in text_of(staff_client.get(address, {"at": "soon"}))


@pytest.mark.parametrize(
    ("model", "action", "row", "permission"),
    [
        ("eventperformance", "repair", "performance_id", "repair"),
        ("eventperformance", "at", "performance_id", "view_movement"),
        ("sectiontickettype", "story", "adult_id", "audit"),
        ("reservation", "story", "sale_id", "audit"),
    ],
)
def test_each_asks_for_its_permission(
    stall: Stall, model: str, action: str, row: str, permission: str
) -> None:
    user = User.objects.create(username="usher", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename=f"view_{model}"))
    browser = Client()
    browser.force_login(user)
    key = getattr(stall, row)
    address, change = url(model, action, key), url(model, "change", key)
    assert browser.get(address).status_code == 403
    assert address not in text_of(browser.get(change))
    user.user_permissions.add(Permission.objects.get(codename=permission))
    assert browser.get(address).status_code == 200
    assert address in text_of(browser.get(change))
    missing = reverse(f"admin:events_{model}_{action}", args=["0"])
    assert browser.get(missing).status_code == 404
