"""Works through the units of a run, batch by batch, with one or two workers.

A batch is one READ COMMITTED transaction; its commit is the checkpoint. What fails is done again
unit by unit, so that one unreadable performance never hinders the others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from django.db import Error, OperationalError, connections, transaction

from fullhouse.migration import lease
from fullhouse.migration.exit_codes import UsageError
from fullhouse.migration.models import MigrationRun, MigrationUnit
from fullhouse.migration.progress import Progress
from fullhouse.migration.session import Session, opened
from fullhouse.migration.source import Source

#: A batch ends when it has this many seats; large enough to pay for its dozen statements.
BATCH_SEATS: Final = 20_000
BATCH_UNITS: Final = 500
_ATTEMPTS: Final = 5
#: Deadlock, serialization failure, lock timeout: the same batch again may succeed.
_TRANSIENT: Final = frozenset({"40P01", "40001", "55P03"})

#: What one batch does inside its transaction.
Work = Callable[[Session], None]


@dataclass(slots=True)
class Tally:
    """What the workers did together; shared, so every change is under its lock."""

    progress: Progress
    total: int
    done: int = 0
    seats: int = 0
    problem: BaseException | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, units: int, seats: int) -> None:
        """Count a finished batch and report it; the report may raise to stop the work."""
        with self.lock:
            self.done += units
            self.seats += seats
            self.progress(self.done, self.total, self.seats)

    def fail(self, problem: BaseException) -> None:
        """Keep the first problem and let the other worker stop after its batch."""
        with self.lock:
            self.problem = self.problem or problem
        self.stop.set()


@dataclass(frozen=True, slots=True)
class Plan:
    """What every worker of a pass works on."""

    run: MigrationRun
    using: str
    source: Source | None
    work: Work
    tally: Tally


def require_autocommit(using: str) -> None:
    """Raise UsageError inside a transaction: a batch must be able to commit."""
    if connections[using].in_atomic_block:
        raise UsageError(
            "A takeover commits batch by batch and cannot run inside a transaction.",
            "جابه‌جایی دسته‌به‌دسته ثبت می‌کند و درون یک تراکنش اجرا نمی‌شود.",
        )


def run_workers(plan: Plan, workers: int) -> None:
    """Do every open unit; with two workers from both ends. Raises the first problem of any."""
    if workers <= 1:
        _work(plan, "ASC")
    else:
        threads = [
            threading.Thread(target=_thread, args=(plan, direction), daemon=True)
            for direction in ("ASC", "DESC")
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except BaseException:
            plan.tally.stop.set()
            for thread in threads:
                thread.join()
            raise
    if plan.tally.problem:
        raise plan.tally.problem


def _thread(plan: Plan, direction: str) -> None:
    try:
        _work(plan, direction)
    finally:
        connections[plan.using].close()


def _work(plan: Plan, direction: str) -> None:
    try:
        with opened(plan.run, using=plan.using, source=plan.source) as session:
            while not plan.tally.stop.is_set() and _batch(plan, session, direction):
                pass
    except BaseException as problem:
        plan.tally.fail(problem)


def _batch(plan: Plan, session: Session, direction: str) -> bool:
    """Do the next batch; return False when no unit is open and free."""
    try:
        return (
            _attempt(plan, session, f"ORDER BY id {direction} LIMIT {BATCH_UNITS}", direction) > 0
        )
    except Error as error:
        if not is_about_data(error):
            raise
    for unit in _open_units(plan, direction):
        if plan.tally.stop.is_set():
            break
        try:
            _attempt(plan, session, f"AND id = {unit}", direction)
        except Error as error:
            if not is_about_data(error):
                raise
            MigrationUnit.objects.using(plan.using).filter(pk=unit).update(error=reason(error))
            plan.tally.add(1, 0)
    return True


def _open_units(plan: Plan, direction: str) -> list[int]:
    """Return the units of about one batch, for a second go one by one."""
    units = MigrationUnit.objects.using(plan.using).filter(
        run=plan.run, done_at__isnull=True, error=""
    )
    order = "id" if direction == "ASC" else "-id"
    return list(units.order_by(order).values_list("pk", flat=True)[:BATCH_UNITS])


def _attempt(plan: Plan, session: Session, which: str, direction: str) -> int:
    """Do one batch in one transaction, again after a deadlock; return its units."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic(using=plan.using):
                units = _take(plan, session, which, direction)
                if units:
                    plan.work(session)
                    session.cursor.execute("SELECT count(*) FROM m_seat")
                    seats = int(session.cursor.fetchone()[0])
            break
        except OperationalError as error:
            if attempt == _ATTEMPTS or _sqlstate(error) not in _TRANSIENT:
                raise
    if units:
        plan.tally.add(units, seats)
    return units


def _take(plan: Plan, session: Session, which: str, direction: str) -> int:
    """Lock the next units into `m_batch`; raises BusyError for a runner that was replaced.

    The lease cannot change hands until this transaction ends: a replaced runner commits nothing.
    """
    session.settle()
    lease.check(plan.run, using=plan.using)
    session.execute("write/20_lock_units.sql", which=which, direction=direction, seats=BATCH_SEATS)
    return int(session.cursor.rowcount)


def is_about_data(error: Error) -> bool:
    """Tell whether it is worth going unit by unit: the fault is in the data, not in the server."""
    state = _sqlstate(error)
    return state is not None and state not in _TRANSIENT and state[:2] not in ("08", "53", "57")


def _sqlstate(error: Error) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)


def reason(error: Error) -> str:
    """Return the SQLSTATE and message of an error, as it is kept with a unit."""
    return f"{_sqlstate(error)}: {str(error).strip()}"[:2000]
