"""The worker as a process: killed, stopped, run once; and what it does by the clock."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from engine.houses import make_overdue
from scratch import Scratch

from fullhouse.announce.models import WebhookDelivery, WebhookEndpoint
from fullhouse.announce.tasks import Task, offer_rounds, run_task, sweep, tidy
from fullhouse.announce.worker import Worker, run_once
from fullhouse.events.models import EventPerformance, Notice, Reservation, WaitingEntry
from fullhouse.events.services.house import house
from fullhouse.events.services.reserve import Places, reserve
from fullhouse.events.services.resize import resize_section
from fullhouse.events.services.waiting_list import join_waiting_list

from .conftest import Hall, Receiver

Start = Callable[[], subprocess.Popen[str]]
WAIT_SECONDS = 60


@pytest.fixture
def start(db_committed: None) -> Iterator[Start]:
    """Return a starter of `fullhouse worker` on the test database."""
    scratch = Scratch(str(connection.settings_dict["NAME"]))
    started: list[subprocess.Popen[str]] = []

    def run() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "django", "worker"],
            env={
                **os.environ,
                "DATABASE_URL": scratch.url,
                "DJANGO_SETTINGS_MODULE": "fullhouse.site.settings",
                "FULLHOUSE_WEBHOOKS_PRIVATE": "1",
                "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def hold(hall: Hall) -> Any:
    wanted = [Places(1, allocation_id=hall.allocation_id)]
    return reserve(performance_id=hall.performance_id, requests=wanted).reservation_id


def test_killed_in_the_middle_of_a_delivery_it_is_delivered_again(
    hall: Hall, listening: WebhookEndpoint, receiver: Receiver, start: Start
) -> None:
    receiver.gate.clear()
    held = [str(hold(hall)) for _ in range(3)]
    first = start()
    assert receiver.arrived.acquire(timeout=WAIT_SECONDS), first.stdout
    first.send_signal(signal.SIGKILL)
    first.wait()
    receiver.gate.set()
    second = start()
    for _ in held:
        assert receiver.arrived.acquire(timeout=WAIT_SECONDS)
    second.send_signal(signal.SIGTERM)
    out, _ = second.communicate(timeout=WAIT_SECONDS)
    assert second.returncode == 0, out
    assert [body["data"]["reservation"] for body in receiver.bodies] == [held[0], *held]
    assert receiver.ids[0] == receiver.ids[1]
    assert len(set(receiver.ids)) == 3
    sent = WebhookDelivery.objects.filter(lane=hall.performance_id)
    assert set(sent.values_list("status", flat=True)) == {"delivered"}


def test_two_workers_send_each_message_once_and_in_order(
    hall: Hall, listening: WebhookEndpoint, receiver: Receiver, start: Start
) -> None:
    held = [str(hold(hall)) for _ in range(6)]
    make_overdue(held[0])
    both = [start(), start()]

    def mine() -> list[tuple[str, str]]:
        found = [(body["type"], body["data"]) for body in receiver.bodies]
        own = str(hall.performance_id)
        return [(kind, data["reservation"]) for kind, data in found if data["performance"] == own]

    while len(mine()) < 7:
        assert receiver.arrived.acquire(timeout=WAIT_SECONDS)
    for worker in both:
        worker.send_signal(signal.SIGTERM)
    for worker in both:
        out, _ = worker.communicate(timeout=WAIT_SECONDS)
        assert worker.returncode == 0, out
    assert [each for kind, each in mine() if kind == "reservation.reserved"] == held
    assert [each for kind, each in mine() if kind == "reservation.expired"] == held[:1]
    assert len(set(receiver.ids)) == len(receiver.ids)


def test_once_does_all_that_is_due(
    hall: Hall, listening: WebhookEndpoint, receiver: Receiver
) -> None:
    make_overdue(hold(hall))
    done = run_once()
    assert (done["sweep"] >= 1, done["relay"], done["deliveries"]) == (True, 2, 2)
    kinds = [body["type"] for body in receiver.bodies]
    assert kinds == ["reservation.reserved", "reservation.expired"]


def test_scheduled_releases_come_with_the_sweep(hall: Hall) -> None:
    kept = house(
        performance_id=hall.performance_id,
        reason="press",
        quantities={hall.allocation_id: 2},
        release_at=timezone.now() + timedelta(hours=1),
    ).reservation_id
    sweep()
    assert Reservation.objects.get(pk=kept).status == "reserved"
    make_overdue(kept)
    sweep()
    assert Reservation.objects.get(pk=kept).status == "expired"


def test_the_list_is_offered_what_came_without_being_freed(hall: Hall) -> None:
    one = {"performance_id": hall.performance_id}
    wanted = [Places(6, allocation_id=hall.allocation_id)]
    reserve(**one, requests=wanted)
    joined = join_waiting_list(**one, quantity=2, together=False)
    resize_section(**one, section_id=hall.section_id, total_capacity=14)
    offer_rounds()
    assert WaitingEntry.objects.get(pk=joined.entry_id).status == "waiting"
    EventPerformance.objects.filter(pk=hall.performance_id).update(waiting_list_first=True)
    assert offer_rounds() == 1
    assert WaitingEntry.objects.get(pk=joined.entry_id).status == "offered"
    assert offer_rounds() == 0


def test_a_task_runs_in_one_worker_at_a_time(connect: Any) -> None:
    task = Task("own", 1, lambda: 7)
    other = connect()
    other.execute("SELECT pg_advisory_lock(%s, hashtext('task own'))", [0x4648])
    assert run_task(task) is None
    other.execute("SELECT pg_advisory_unlock_all()")
    assert run_task(task) == 7


def test_old_things_are_tidied_away(listening: WebhookEndpoint) -> None:
    old = timezone.now() - timedelta(days=31)
    facts: dict[str, Any] = {"endpoint": listening, "kind": "x", "body": "{}"}
    for name, status, ended in (
        ("old", "delivered", old),
        ("new", "dead", timezone.now()),
        ("waiting", "pending", None),
    ):
        WebhookDelivery.objects.create(message_id=name, status=status, ended_at=ended, **facts)
    Notice.objects.create(kind="x", at=old)
    assert tidy() == 1
    assert set(WebhookDelivery.objects.values_list("message_id", flat=True)) == {"new", "waiting"}
    assert not Notice.objects.filter(at__lte=old).exists()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_worker_that_broke_says_so() -> None:
    def break_down() -> int:
        raise ZeroDivisionError

    worker = Worker([Task("breaks", 1, break_down)], senders=0)
    worker.start()
    worker.join()
    assert not worker.is_whole
