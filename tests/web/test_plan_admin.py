"""Plans in the console: imported, exported, never edited."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fullhouse.events.domain.ids import uuid7
from fullhouse.events.models import SeatingPlan

CSV = b"section,row,seat\nStalls,A,1\nStalls,A,2\n"


@pytest.fixture
def staff(db: None, client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("ann", password="x"))
    return client


def sent(client: Client, name: str, data: bytes, file: str = "hall.csv") -> Any:
    form = {"name": name, "format": "", "file": SimpleUploadedFile(file, data)}
    return client.post("/admin/events/seatingplan/import/", form, follow=True)


def test_a_plan_comes_in_and_goes_out(staff: Client) -> None:
    name = f"Hall {uuid7()}"
    assert f"{name} v1" in sent(staff, name, CSV).content.decode()
    plan = SeatingPlan.objects.get(name=name)
    assert (plan.seats, plan.created_by) == (2, "ann")
    page = staff.get(f"/admin/events/seatingplan/{plan.pk}/change/")
    assert f"/admin/events/seatingplan/{plan.pk}/export/csv/" in page.content.decode()
    for kind, start in (("csv", b"section,"), ("pretix", b'{"name"'), ("fullhouse", b'{"format"')):
        given = staff.get(f"/admin/events/seatingplan/{plan.pk}/export/{kind}/")
        assert given.content.startswith(start)
        assert "attachment" in given["Content-Disposition"]
    assert staff.get(f"/admin/events/seatingplan/{plan.pk}/export/xml/").status_code == 404


@pytest.mark.parametrize(
    ("data", "file"),
    [(b"section\n\xff", "a.csv"), (b"[", "a.json"), (b"section,seat\nA,\n", "a.csv")],
)
def test_a_bad_file_is_told_and_not_kept(staff: Client, data: bytes, file: str) -> None:
    name = f"Hall {uuid7()}"
    page = sent(staff, name, data, file)
    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
    assert not SeatingPlan.objects.filter(name=name).exists()


def test_versions_are_read_only_and_for_staff(staff: Client) -> None:
    name = f"Hall {uuid7()}"
    sent(staff, name, CSV)
    plan = SeatingPlan.objects.get(name=name)
    assert (
        staff.post(f"/admin/events/seatingplan/{plan.pk}/change/", {"name": "x"}).status_code == 403
    )
    visitor = get_user_model().objects.create_user("bob", password="x", is_staff=True)
    staff.force_login(visitor)
    assert staff.get("/admin/events/seatingplan/import/").status_code == 403
    assert staff.get(f"/admin/events/seatingplan/{plan.pk}/export/csv/").status_code == 403
