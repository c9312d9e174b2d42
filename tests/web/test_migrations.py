"""The takeovers: numbers for everybody, rows for staff."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from fullhouse.events.domain.ids import uuid7
from fullhouse.migration.models import Anomaly, MigrationRun, MigrationUnit
from fullhouse.migration.phases import State, transition
from fullhouse.site.middleware import HEADER

BOOKING = "BK-778899"


@pytest.fixture
def run(db: None) -> MigrationRun:
    return make_run("box_office")


def make_run(schema: str) -> MigrationRun:
    found = MigrationRun.objects.create(source="events", legacy_schema=schema)
    transition(found, State.BACKED_UP, phase="prepare", actor="ops@till")
    performances: list[UUID] = [uuid7(), uuid7()]
    for performance in performances:
        MigrationUnit.objects.create(run=found, performance_id=performance, seats=1250)
    for performance, count in zip(performances, (3, 4), strict=True):
        Anomaly.objects.create(
            run=found,
            performance_id=performance,
            kind="seat_twin",
            subject=f"seat of {BOOKING}",
            count=count,
            evidence={"reference": BOOKING},
            proposal="merge",
        )
    return found


def html_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_list_counts_performances_seats_and_contradictions(
    client: Client, run: MigrationRun
) -> None:
    html = html_of(client.get(reverse("web:runs")))
    assert "box_office" in html
    assert '<td class="n">2</td><td class="n">2,500</td><td class="n">7</td>' in html
    assert "backed up" in html


def test_the_list_takes_a_fixed_number_of_queries(
    client: Client, run: MigrationRun, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_run("other_office")
    with django_assert_num_queries(4):
        client.get(reverse("web:runs"))


def test_no_takeover_yet_says_how_to_begin(client: Client, db: None) -> None:
    MigrationRun.objects.all().delete()
    assert "capacity_migration run" in html_of(client.get(reverse("web:runs")))


def test_a_run_is_shown_in_numbers_without_rows(client: Client, run: MigrationRun) -> None:
    html = html_of(client.get(reverse("web:run", args=[run.pk])))
    assert "seat twin" in html
    assert "proposed: <bdi>merge</bdi>" in html
    assert '<td class="n">7</td><td class="n">2</td>' in html
    assert "prepare" in html
    for private in (BOOKING, "ops@till"):
        assert private not in html


def test_the_report_is_for_staff(client: Client, run: MigrationRun) -> None:
    address = reverse("web:report", args=[run.pk])
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('admin:login')}?next={address}"


def test_staff_read_the_report_under_its_own_policy(
    staff_client: Client, run: MigrationRun
) -> None:
    response = staff_client.get(reverse("web:report", args=[run.pk]))
    assert response.status_code == 200
    assert "box_office" in html_of(response)
    assert "unsafe" not in response[HEADER]
    assert " style=" not in html_of(response)


def test_made_up_data_may_be_read_by_everybody(client: Client, run: MigrationRun) -> None:
    with override_settings(FULLHOUSE_PUBLIC_REPORTS=True):
        assert client.get(reverse("web:report", args=[run.pk])).status_code == 200


def test_what_is_not_there_is_404(staff_client: Client, db: None) -> None:
    for name in ("web:run", "web:report"):
        assert staff_client.get(reverse(name, args=[uuid7()])).status_code == 404
