"""What `/metrics` tells, and whom."""

import datetime
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from engine.houses import Part, build
from prometheus_client.parser import text_string_to_metric_families

from fullhouse.events.models import Event, EventPerformance
from fullhouse.telemetry.folder import VARIABLE, counters_folder

from .conftest import Hall, Speaker

RESERVE = "/api/v1/performances/<uuid:performance_id>/reservations"
Labels = frozenset[tuple[str, str]]


def told(**headers: str) -> dict[tuple[str, Labels], float]:
    """Return every sample by its name and labels."""
    response = Client().get("/metrics", headers=headers)
    assert response.status_code == 200, response.content
    assert response["Content-Type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(response.content.decode())
    return {
        (each.name, frozenset(each.labels.items())): each.value
        for family in families
        for each in family.samples
    }


def of(samples: dict[tuple[str, Labels], float], name: str, **labels: str) -> float:
    return samples.get((name, frozenset(labels.items())), 0.0)


@pytest.fixture
def tomorrow(hall: Hall) -> Hall:
    day = timezone.now().date() + datetime.timedelta(days=1)
    EventPerformance.objects.filter(pk=hall.performance_id).update(date=day)
    return hall


def test_requests_are_counted_by_route_and_sales_by_outcome(hall: Hall, public: Speaker) -> None:
    before = told()
    body = {"items": [{"section": "Stalls", "ticket_type": "Adult", "quantity": 2}]}
    hold = public.post(f"{hall.url}/reservations", body)[1]
    token = {"Reservation-Token": hold["token"]}
    public.post(f"{hall.url}/reservations/{hold['id']}/confirm", **token)
    body["items"][0]["quantity"] = 100
    assert public.post(f"{hall.url}/reservations", body)[0] == 409
    public._client.get("/nowhere?secret=1")
    after = told()

    def grown(name: str, **labels: str) -> float:
        return of(after, name, **labels) - of(before, name, **labels)

    name = "fullhouse_http_requests_total"
    assert grown(name, method="POST", route=RESERVE, status="201") == 1
    assert grown(name, method="POST", route=RESERVE, status="409") == 1
    assert grown(name, method="GET", route="unmatched", status="404") == 1
    assert grown("fullhouse_http_request_seconds_count", method="POST", route=RESERVE) == 2
    outcomes = "fullhouse_outcomes_total"
    assert grown(outcomes, operation="reserve", outcome="done") == 1
    assert grown(outcomes, operation="reserve", outcome="sold_out") == 1
    assert grown(outcomes, operation="confirm", outcome="done") == 1
    labels = {value for _, pairs in after for _, value in pairs}
    assert not any(str(hold["id"]) in value or "secret" in value for value in labels)


def test_the_house_is_told_as_it_is(tomorrow: Hall, settings: Any) -> None:
    settings.FULLHOUSE_METRICS_PERFORMANCES = 1_000
    samples = told()
    place = {"performance": str(tomorrow.performance_id)}
    assert of(samples, "fullhouse_places", **place, state="available") == 21
    assert of(samples, "fullhouse_database_up") == 1
    assert of(samples, "fullhouse_database_connections", state="active") >= 1
    assert ("fullhouse_outbox_messages", frozenset({("status", "pending")})) in samples


def test_only_the_next_performances_are_told(
    tomorrow: Hall, make_stage: Callable[..., Any], settings: Any
) -> None:
    later = make_stage()
    build(later.performance_id, Part(later.ticket_type_ids[0], 5))
    settings.FULLHOUSE_METRICS_PERFORMANCES = 1
    performances = {
        dict(labels)["performance"] for name, labels in told() if name == "fullhouse_places"
    }
    assert len(performances) == 1
    assert str(later.performance_id) not in performances


def test_a_database_that_is_away_is_told_too(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fullhouse.telemetry.gauges._CONNECTIONS", "SELECT no_such_column")
    assert of(told(), "fullhouse_database_up") == 0


def test_strangers_are_not_told(hall: Hall, keyed: Callable[..., Speaker], settings: Any) -> None:
    def asked(address: str = "192.0.2.7", **headers: str) -> int:
        return Client(REMOTE_ADDR=address).get("/metrics", headers=headers).status_code

    def with_key(*scopes: str, **options: Any) -> int:
        return asked(**keyed(*scopes, **options)._headers)

    assert (asked(), asked("127.0.0.1"), asked("::1"), asked("unknown")) == (403, 200, 200, 403)
    assert [with_key(scope) for scope in ("read", "admin", "sell")] == [200, 200, 403]
    assert with_key("read", events=[Event.objects.get(pk=hall.event_id)]) == 403
    assert asked("127.0.0.1", Authorization="Bearer fh_x_y") == 401
    # A proxy on this machine makes strangers look near.
    assert asked("127.0.0.1", **{"X-Forwarded-For": "192.0.2.7"}) == 403
    settings.FULLHOUSE_PROXIES = 1
    assert asked("127.0.0.1", **{"X-Forwarded-For": "192.0.2.7"}) == 403
    assert asked("192.0.2.1", **{"X-Forwarded-For": "127.0.0.1"}) == 200


WORKERS = """
import os, django
django.setup()
from fullhouse.telemetry.counters import observe
from fullhouse.telemetry.page import _counted
for times in (2, 3):
    worker = os.fork()
    if worker == 0:
        for _ in range(times):
            observe("GET", "/livez", 200, 0.001)
        os._exit(0)
    os.waitpid(worker, 0)
print(_counted().decode())
"""


def test_the_counters_of_all_workers_are_added_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with counters_folder() as folder:
        done = subprocess.run(
            [sys.executable, "-c", WORKERS], capture_output=True, text=True, check=True, timeout=60
        )
    assert not folder.exists()
    line = 'fullhouse_http_requests_total{method="GET",route="/livez",status="200"} 5.0'
    assert line in done.stdout


def test_the_folder_of_a_server_that_was_killed_is_removed(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for owner in (ended.pid, os.getpid()):
        (tmp_path / f"fullhouse-counters-{owner}-x").mkdir()
    with counters_folder() as folder:
        left = {each.name for each in tmp_path.iterdir()}
    assert left == {folder.name, f"fullhouse-counters-{os.getpid()}-x"}


def test_a_folder_that_is_given_is_emptied_of_old_counters(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    (tmp_path / "counter_1.db").write_bytes(b"old")
    (tmp_path / "mine.txt").write_text("kept")
    with counters_folder() as folder:
        assert [each.name for each in folder.iterdir()] == ["mine.txt"]
    assert tmp_path.exists()
