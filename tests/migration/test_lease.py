"""One runner at a time: the living keep the lease, the dead lose it, the stale are fenced."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import psycopg
import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from fullhouse.migration import lease
from fullhouse.migration.backfill import backfill
from fullhouse.migration.exit_codes import BusyError
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.session import Session

from .live.scene import small_house, staged_house
from .shell import new_run

TABLE = MigrationRun._meta.db_table


@pytest.fixture
def run(db_committed: None, monkeypatch: pytest.MonkeyPatch) -> MigrationRun:
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.05)
    return new_run(f"old_{uuid.uuid4().hex[:12]}")


def again(run: MigrationRun) -> MigrationRun:
    return MigrationRun.objects.get(pk=run.pk)


@contextmanager
def another_runner(run: MigrationRun) -> Iterator[None]:
    """A thread with a connection of its own that holds the lease and renews it."""
    has_it, over = threading.Event(), threading.Event()

    def work() -> None:
        with lease.held(again(run)):
            has_it.set()
            over.wait()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert has_it.wait(30)
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_a_lease_raises_the_epoch_and_is_given_back(run: MigrationRun) -> None:
    with lease.held(run):
        assert run.epoch == 1
        held = again(run)
        assert held.lease_holder == lease.holder()
        assert held.lease_until is not None
        lease.check(run)
    free = again(run)
    assert (free.epoch, free.lease_holder, free.lease_until) == (1, "", None)


def test_a_living_runner_keeps_others_out(run: MigrationRun) -> None:
    with another_runner(run):
        with pytest.raises(BusyError, match="Another runner is at work"), lease.held(again(run)):
            pytest.fail("two runners at once")
        assert again(run).epoch == 1
    with lease.held(run):
        assert run.epoch == 2


def test_the_lease_of_a_dead_runner_is_taken(run: MigrationRun) -> None:
    MigrationRun.objects.filter(pk=run.pk).update(
        epoch=4, lease_holder="gone", lease_until=Now() + timedelta(seconds=0.4)
    )
    said: list[str] = []
    with lease.held(run, notify=lambda english, persian: said.extend([english, persian])):
        assert run.epoch == 5
    assert "held by gone" in said[0]
    assert "gone" in said[1]


def test_a_stale_runner_is_fenced(run: MigrationRun) -> None:
    with lease.held(run) as renewal:
        MigrationRun.objects.filter(pk=run.pk).update(epoch=9, lease_holder="the next")
        assert renewal.lost.wait(30)
        with pytest.raises(BusyError, match="took over"):
            renewal.raise_if_lost()
        with pytest.raises(BusyError, match="took over"):
            lease.check(run)
    # Giving back a lease that is no longer one's own leaves the next one's alone.
    assert again(run).lease_holder == "the next"


def test_a_batch_that_checked_ends_before_the_lease_can_be_taken(
    run: MigrationRun, conninfo: str
) -> None:
    take = f'SELECT 1 FROM "{TABLE}" WHERE id = %s FOR UPDATE NOWAIT'
    renew = f'UPDATE "{TABLE}" SET lease_until = now() WHERE id = %s'
    with lease.held(run), psycopg.connect(conninfo, autocommit=True) as other:
        other.execute("SET lock_timeout = '5s'")
        with transaction.atomic():
            lease.check(run)
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute(take, [run.pk])
            assert other.execute(renew, [run.pk]).rowcount == 1


def test_no_batch_of_a_backfill_is_overtaken(db_committed: None, conninfo: str) -> None:
    """The lease of its runner cannot change hands between what a batch reads and its commit."""
    house, _ = small_house(performances=1, seats=4)
    take = f'SELECT 1 FROM "{TABLE}" WHERE id = %s FOR UPDATE NOWAIT'
    real, tried = Session.project, []

    def project(session: Session) -> None:
        real(session)
        with psycopg.connect(conninfo) as other:
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute(take, [session.run.pk])
            tried.append(session)

    with staged_house(house) as made, patch.object(Session, "project", project):
        backfill(made.run)
    assert tried
