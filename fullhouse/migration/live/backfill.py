"""Backfill beside the sellers: the same batches as offline, as large as the moment allows.

Between two batches the runner looks up: is it to pause, does the server need rest, has the outbox
grown long. One worker, because the other processor belongs to the sellers.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from django.db import Error, OperationalError, transaction

from fullhouse.migration import lease
from fullhouse.migration.backfill import FailedUnit
from fullhouse.migration.batches import require_autocommit
from fullhouse.migration.live import project
from fullhouse.migration.live.batch_size import BatchSize
from fullhouse.migration.live.numbers import Reporter, depth
from fullhouse.migration.live.sync import one_pass
from fullhouse.migration.live.throttle import Limits, Throttle
from fullhouse.migration.models import MigrationRun, MigrationUnit
from fullhouse.migration.progress import Progress, ignore
from fullhouse.migration.session import Session, opened
from fullhouse.migration.source import Source

#: A longer outbox gets a pass between two batches. Not needed to be right: whatever is in it will
#: be made anew once; a short one costs nothing, and a late pass makes a busy unit once, not often.
SYNC_AT_ROWS: Final = 50_000
#: And no sooner than this many times as long as the last one took, so that the batches go on.
_BETWEEN_PASSES: Final = 4
#: How often units that failed get another go, each after a pass: a seat that moved from one
#: performance to another is free only when the other was made anew.
ROUNDS: Final = 3
_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class LiveBackfill:
    """Units and legacy seat rows of this call; `paused`: stopped because an operator said so."""

    units: int
    seats: int
    waited_seconds: float
    paused: bool
    failed: tuple[FailedUnit, ...] = ()


class _PausedError(Exception):
    """An operator asked for a pause."""


@dataclass(slots=True)
class _Work:
    session: Session
    size: BatchSize
    throttle: Throttle
    reporter: Reporter
    progress: Progress
    units: int = 0
    seats: int = 0
    next_pass: float = 0.0

    def look_up(self) -> None:
        """Between batches: report, and stop if asked to."""
        run, using = self.session.run, self.session.using
        row = MigrationRun.objects.using(using).values_list("paused_at", flat=True)
        if row.get(pk=run.pk) is not None:
            raise _PausedError
        told = self.reporter.numbers
        told.units_done, told.rows = self.units, self.seats
        told.batch_seats, told.batch_ms = self.size.seats, round(self.size.last_ms)
        told.lock_waiters = self.throttle.lock_waiters
        told.waited_seconds = self.throttle.waited_seconds
        reason = self.throttle.reason
        told.throttle = {"en": reason.english, "fa": reason.persian} if reason else None
        if self.reporter.due():
            told.outbox = depth(run, using=using)
            self.reporter.write()
        self.progress(self.units, told.units_total, self.seats)


def backfill(
    run: MigrationRun,
    *,
    using: str,
    source: Source | None = None,
    limits: Limits | None = None,
    progress: Progress = ignore,
    throttle: Throttle | None = None,
    size: BatchSize | None = None,
) -> LiveBackfill:
    """Make what is not made yet of `run` in committed batches while the legacy side is written to.

    Capture must be installed. May be stopped at any time and called again. Raises BusyError for a
    replaced runner, SourceError if the legacy schema is not the source's. Locks: unit rows of a
    batch, then the rows of Fullhouse; the legacy tables are only read.
    """
    require_autocommit(using)
    throttle = throttle or Throttle(limits or Limits(), using=using)
    with opened(run, using=using, source=source) as session:
        project.prepare(session)
        _begin(session)
        units = MigrationUnit.objects.using(using).filter(run=run)
        reporter = Reporter(run, using)
        reporter.numbers.phase = "backfill"
        reporter.numbers.units_total = units.filter(done_at__isnull=True).count()
        work = _Work(session, size or BatchSize(), throttle, reporter, progress)
        try:
            _rounds(work)
            paused = False
        except _PausedError:
            paused = True
        reporter.numbers.throttle = None
        reporter.write()
        failed = tuple(
            FailedUnit(str(unit.performance_id), unit.error)
            for unit in units.filter(done_at__isnull=True).exclude(error="").order_by("id")
        )
    return LiveBackfill(work.units, work.seats, throttle.waited_seconds, paused, failed)


def _begin(session: Session) -> None:
    with transaction.atomic(using=session.using):
        session.settle()
        lease.check(session.run, using=session.using)
        session.execute("write/05_units.sql")
        project.follow_catalogue(session)
        session.execute("write/15_planned_venues.sql")


def _rounds(work: _Work) -> None:
    session = work.session
    units = MigrationUnit.objects.using(session.using).filter(run=session.run, done_at__isnull=True)
    for _ in range(ROUNDS):
        units.exclude(error="").update(error="")
        while _next(work):
            pass
        if not units.exclude(error="").exists():
            return
        _pass(work)


def _next(work: _Work) -> bool:
    """Rest if need be, then do a batch; return False when no unit is open and free."""
    work.throttle.wait(work.size.last_ms / 1000, work.look_up)
    work.look_up()
    if work.reporter.numbers.outbox > SYNC_AT_ROWS and time.monotonic() >= work.next_pass:
        _pass(work)
    try:
        return _batch(work, f"ORDER BY id LIMIT {work.size.units}") > 0
    except Error as error:
        if not project.is_about_data(error):
            raise
    _one_by_one(work)
    return True


def _pass(work: _Work) -> None:
    began = time.monotonic()
    result = one_pass(work.session, work.size, leave_open=True)
    ended = time.monotonic()
    work.next_pass = ended + (ended - began) * _BETWEEN_PASSES
    work.reporter.numbers.outbox = result.left


def _batch(work: _Work, which: str) -> int:
    """Do one batch in one transaction, again after a deadlock; return its units."""
    session = work.session
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with work.size.measured() as measured, transaction.atomic(using=session.using):
                session.settle()
                lease.check(session.run, using=session.using)
                session.execute(
                    "write/20_lock_units.sql",
                    which=which,
                    direction="ASC",
                    seats=work.size.seats,
                )
                units = int(session.cursor.rowcount)
                if units:
                    measured.seats = project.remake(session)
            work.units += units
            work.seats += measured.seats
            return units
        except OperationalError as error:
            if attempt == _ATTEMPTS or project.sqlstate(error) not in project.TRANSIENT:
                raise
    return 0


def _one_by_one(work: _Work) -> None:
    """Do the units of about the batch that failed singly, and note what hinders each."""
    session = work.session
    units = MigrationUnit.objects.using(session.using).filter(run=session.run)
    open_units = units.filter(done_at__isnull=True, error="").order_by("id")
    for key in list(open_units.values_list("pk", flat=True)[: work.size.units]):
        work.look_up()
        try:
            _batch(work, f"AND id = {key}")
        except Error as error:
            if not project.is_about_data(error):
                raise
            units.filter(pk=key).update(error=project.reason(error))
