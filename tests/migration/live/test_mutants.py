"""A takeover that is wrong in one way must not pass: a proof finds every mutant.

Each scene is one interleaving, the same every time: a sale at the very moment that the mutant does
not watch. Beside each mutant stands the same scene without it, which must hold.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from fullhouse.migration import source as sources
from fullhouse.migration.exit_codes import MismatchError
from fullhouse.migration.live import reverse, reverse_capture, rollback_after
from fullhouse.migration.live.rehearse import proofs
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.session import Session

from . import mutants, over_scene, scene
from .over_scene import Stage
from .over_sellers import wait_for
from .sales import Sales
from .scene import USING, Scene

Mutant = Callable[[], AbstractContextManager[None]]


def cases(*wrong: Mutant) -> pytest.MarkDecorator:
    """The scene without a mutant, which holds, and with each of these, which does not."""
    named = [pytest.param(one, False, id=one.__name__) for one in wrong]
    return pytest.mark.parametrize(
        ("mutant", "holds"), [pytest.param(nullcontext, True, id="none"), *named]
    )


@dataclass(frozen=True, slots=True)
class Before:
    """A run before its first batch, one evening, its seats, and sales in its schema."""

    scene: Scene
    evening: UUID
    seats: list[UUID]
    sales: Sales

    def sell(self, at: int) -> None:
        assert self.sales.legacy(self.evening, self.seats[at])

    def proved(self) -> bool:
        return proved(self.scene.run, self.sales)


@dataclass(frozen=True, slots=True)
class After:
    """A run that is validated, one evening, its seats, and sales on both sides."""

    stage: Stage
    evening: UUID
    seats: list[UUID]
    sales: Sales

    def proved(self) -> bool:
        return proved(self.stage.run, self.sales)


def proved(run: MigrationRun, sales: Sales) -> bool:
    """Whether every sale that a customer was told of is there, and both sides are equal."""
    source = sources.load("events")
    told = proofs.acknowledged(sales.promises, run, source, using=USING)
    return told.holds and proofs.equal(run, source, using=USING).holds


@pytest.fixture
def before(db_committed: None, conninfo: str) -> Iterator[Before]:
    house, (evening,) = scene.small_house(performances=1, seats=6)
    with scene.staged_house(house) as made:
        rows = made.do("SELECT id FROM {}.events_seat ORDER BY section, seat_number")
        yield Before(made, evening, [key for (key,) in rows], Sales(conninfo, made.schema))


@pytest.fixture
def after(db_committed: None, conninfo: str) -> Iterator[After]:
    house, (evening,) = over_scene.small_house(performances=1, seats=20, dirty=False)
    with over_scene.stage(house) as made:
        made.take_over()
        yield After(made, evening, made.seats(evening), Sales(conninfo, made.schema))


def once_read(then: Callable[[], None]) -> Any:
    """Do something once, between what a batch reads and what it writes."""
    real, left = Session.project, [then]

    def project(session: Session) -> None:
        real(session)
        if left:
            left.pop()()

    return patch.object(Session, "project", project)


@cases(mutants.deltas, mutants.late_capture)
def test_a_sale_between_what_a_batch_reads_and_what_it_writes(
    before: Before, mutant: Mutant, holds: bool
) -> None:
    with mutant():
        before.scene.install()
        with once_read(lambda: before.sell(0)):
            before.scene.backfill()
    before.scene.sync()
    assert before.proved() is holds


def test_deltas_are_right_as_long_as_nobody_reads_meanwhile(before: Before) -> None:
    """So it is the moment that the mutant is found by, not that it applies sales badly."""
    with mutants.deltas():
        before.scene.install()
        before.scene.backfill()
        before.sell(0)
        before.sell(1)
    assert before.scene.outbox() == []
    assert before.proved()


@cases(mutants.no_unit_lock)
def test_two_passes_of_which_the_older_writes_last(
    before: Before, mutant: Mutant, holds: bool
) -> None:
    before.scene.install()
    before.scene.backfill()
    before.sell(0)
    has_read, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        has_read.set()
        assert go_on.wait(60)

    def one_pass() -> None:
        before.scene.sync()
        connections[USING].close()

    older = threading.Thread(target=one_pass)
    with mutant(), once_read(wait):
        older.start()
        assert has_read.wait(60)
        before.sell(1)
        before.scene.sync()
        go_on.set()
        older.join()
    before.scene.sync()
    assert before.proved() is holds


@cases(mutants.no_fence)
def test_an_old_process_sells_after_the_cut_over(after: After, mutant: Mutant, holds: bool) -> None:
    with mutant():
        after.stage.cut_over()
    assert after.sales.legacy(after.evening, after.seats[4]) is not holds
    assert after.sales.fullhouse(after.evening, after.seats[5])
    after.stage.follow()
    told = proofs.acknowledged(
        after.sales.promises, after.stage.run, sources.load("events"), using=USING
    )
    assert told.holds is holds, told.broken
    if not holds:
        _take_back(after)


def _take_back(after: After) -> None:
    """The sale that nobody but the legacy side knows of would stop the way back."""
    with pytest.raises(MismatchError):
        after.stage.roll_back()
    (lost,) = (UUID(key) for key, one in after.sales.promises.items() if one.side == "legacy")
    after.stage.do("DELETE FROM {}.events_eventbooking WHERE id = %s", lost)


@cases(mutants.no_own_fence)
def test_fullhouse_sells_after_the_way_back(after: After, mutant: Mutant, holds: bool) -> None:
    after.stage.cut_over()
    clear = rollback_after.clear

    def sell_first(work: Any) -> None:
        assert after.sales.fullhouse(after.evening, after.seats[4]) is not holds
        clear(work)

    with mutant(), patch.object(rollback_after, "clear", sell_first):
        after.stage.roll_back()
    after.stage.take_over()
    assert after.proved() is holds


@cases(mutants.no_ledger_lock)
def test_fullhouse_sells_between_the_drain_and_the_fence(
    after: After, mutant: Mutant, holds: bool
) -> None:
    after.stage.cut_over()
    drain, pids, said = reverse.drain, [], []

    def sale() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids.append(cursor.fetchone()[0])
        said.append(after.sales.fullhouse(after.evening, after.seats[4]))
        connections[USING].close()

    late = threading.Thread(target=sale)

    def sell_after(back: reverse.Writer) -> int:
        units = drain(back)
        late.start()
        wait_for(lambda: said or (pids and waits(pids[0])))
        return units

    with mutant(), patch.object(reverse, "drain", sell_after):
        after.stage.roll_back(budget_ms=60_000)
        late.join(60)
    assert said == [not holds]
    after.stage.take_over()
    assert after.proved() is holds


@cases(mutants.no_reverse_drain)
def test_fullhouse_sells_after_the_last_pass(after: After, mutant: Mutant, holds: bool) -> None:
    after.stage.cut_over()
    lock = reverse_capture.lock_sellers

    def sell_first(cursor: Any) -> None:
        seller = threading.Thread(target=sale)
        seller.start()
        seller.join(60)
        lock(cursor)

    def sale() -> None:
        assert after.sales.fullhouse(after.evening, after.seats[4])
        connections[USING].close()

    with mutant(), patch.object(reverse_capture, "lock_sellers", sell_first):
        after.stage.roll_back(budget_ms=60_000)
    assert len(after.sales.promises) == 1
    after.stage.take_over()
    assert after.proved() is holds


def test_a_validation_that_only_adds_up_sees_nothing(after: After) -> None:
    """A sold seat becomes free and a free one sold: every sum is right."""
    source, run = sources.load("events"), after.stage.run
    assert after.sales.legacy(after.evening, after.seats[4])
    after.stage.take_over()
    _exchange(after.seats[4], after.seats[5])
    assert not proofs.equal(run, source, using=USING).holds
    with mutants.sums_only():
        assert proofs.equal(run, source, using=USING).holds
    assert not proofs.acknowledged(after.sales.promises, run, source, using=USING).holds


def _exchange(sold: UUID, free: UUID) -> None:
    """Give a sale another seat of its allocation; what it had can be sold again."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL fullhouse.engine = 'on'")
        for state, key in (("available", sold), ("sold", free)):
            cursor.execute("UPDATE events_seat SET status = %s WHERE id = %s", [state, key])
        cursor.execute(
            "UPDATE events_reservationline SET seat_id = %s WHERE seat_id = %s", [free, sold]
        )


def waits(pid: int) -> bool:
    """Whether a session waits for another's lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid])
        return bool(cursor.fetchone()[0])
