"""Compares both sides in one snapshot: row by row, by the three checks, by an independent ledger.

Reads only. Batches go to workers whose transactions all see the one snapshot that is held open.
"""

from __future__ import annotations

import json
import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connections, transaction

from fullhouse.migration import sql_files
from fullhouse.migration.batches import BATCH_SEATS, BATCH_UNITS, require_autocommit
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.progress import Progress, ignore
from fullhouse.migration.session import Session, opened
from fullhouse.migration.source import Source

#: Beside sellers: batches of about so many seats, one worker, and so many seconds of rest a second
#: of work, so that the sellers have the processors most of the time.
_GENTLE_SEATS: Final = 5_000
_GENTLE_REST: Final = 3.0
#: As many mismatches are named; all are counted, at most 1,000 a rule and batch.
NAMED: Final = 200
_CHECKS: Final = [name for name in sql_files.folder("validate") if "/00_" not in name]
_ONCE: Final = "validate/50_catalogue.sql"
_READ_ONLY: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_RANGES: Final = """
    SELECT min(id), max(id), count(*) FROM (
        SELECT id, greatest((sum(seats + 20) OVER w - 1) / %s, (row_number() OVER w - 1) / %s)
                   AS batch
            FROM capacity_migration_migrationunit WHERE run_id = %s WINDOW w AS (ORDER BY id)
    ) AS u GROUP BY batch ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A row that differs: by which rule, whose, where, and what either side says of it."""

    rule: str
    performance: str | None
    table: str
    key: str
    legacy: Any
    new: Any

    def __str__(self) -> str:
        of = f" of performance {self.performance}" if self.performance else ""
        return f"{self.rule}: {self.table} {self.key}{of}: {_said(self.legacy, self.new)}"


@dataclass(frozen=True, slots=True)
class Validation:
    """The outcome. `counts` holds what was compared, by name, and `mismatches`."""

    ok: bool
    mismatches: tuple[Mismatch, ...]
    counts: dict[str, int]


@dataclass(slots=True)
class _Work:
    run: MigrationRun
    using: str
    source: Source | None
    progress: Progress
    total: int
    batches: queue.SimpleQueue[tuple[int, int] | None]
    snapshot: str = ""
    ready: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    go: threading.Event = field(default_factory=threading.Event)
    compared: Counter[str] = field(default_factory=Counter)
    found: list[Mismatch] = field(default_factory=list)
    rest: float = 0.0
    problem: BaseException | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


def validate(
    run: MigrationRun,
    *,
    using: str = "default",
    progress: Progress = ignore,
    workers: int = 2,
    source: Source | None = None,
    gently: bool = False,
) -> Validation:
    """Compare the legacy side of `run` with the new tables in one REPEATABLE READ snapshot.

    `gently`: with one worker that rests, because others need the processors. Nothing is written.
    Beside sellers, what the outbox of that snapshot names is known to be late and is left out:
    `late_units`, and `late_catalogue` where venues, events or ticket types are. Raises UsageError
    inside a transaction, SourceError if the legacy schema is not the source's.
    """
    require_autocommit(using)
    ranges, total = _ranges(run, using, _GENTLE_SEATS if gently else BATCH_SEATS)
    workers = 1 if gently else workers
    batches: queue.SimpleQueue[tuple[int, int] | None] = queue.SimpleQueue()
    for one in ranges:
        batches.put(one)
    work = _Work(run, using, source, progress, total, batches)
    work.rest = _GENTLE_REST if gently else 0.0
    progress(0, total, 0)
    _run(work, max(1, min(workers, len(ranges))))
    if work.problem:
        raise work.problem
    mismatches = tuple(sorted(work.found, key=lambda one: (one.rule, one.table, one.key)))
    work.compared["late_units"] = max(0, total - work.compared["seen_units"])
    counts = dict(sorted(work.compared.items())) | {"mismatches": len(mismatches)}
    return Validation(not mismatches, mismatches[:NAMED], counts)


@contextmanager
def _snapshot(using: str) -> Iterator[str]:
    """Hold a read-only snapshot open; it is what every batch sees."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(_READ_ONLY)
        cursor.execute("SELECT pg_export_snapshot()")
        yield str(cursor.fetchone()[0])


def _ranges(run: MigrationRun, using: str, seats: int) -> tuple[list[tuple[int, int]], int]:
    """Return the units as ranges of ids of about one batch each, and their number."""
    with connections[using].cursor() as cursor:
        cursor.execute(_RANGES, [seats, BATCH_UNITS, run.pk])
        rows = cursor.fetchall()
    return [(int(low), int(high)) for low, high, _ in rows], sum(int(units) for *_, units in rows)


def _run(work: _Work, workers: int) -> None:
    """Start the workers, take the snapshot when all have opened their sessions, wait for the end.

    What a session keeps in its temporary tables from before the snapshot is seen in it; what it
    would put there afterwards is not.
    """
    threads = [
        threading.Thread(target=_worker, args=(work, index == 0), daemon=True)
        for index in range(workers)
    ]
    for thread in threads:
        work.batches.put(None)
        thread.start()
    try:
        for _ in threads:
            work.ready.acquire()
        with _snapshot(work.using) as work.snapshot:
            work.go.set()
            for thread in threads:
                thread.join()
    except BaseException as problem:
        work.problem = problem
        work.go.set()
        for thread in threads:
            thread.join()
        raise


def _worker(work: _Work, is_first: bool) -> None:
    try:
        with opened(work.run, using=work.using, source=work.source) as session:
            session.execute("validate/00_tables.sql")
            work.ready.release()
            work.go.wait()
            if is_first and work.problem is None:
                _compare_catalogue(work, session)
            while work.problem is None and (batch := work.batches.get()) is not None:
                began = time.monotonic()
                _compare(work, session, batch)
                time.sleep((time.monotonic() - began) * work.rest)
            _collect(work, session)
    except BaseException as problem:
        with work.lock:
            work.problem = work.problem or problem
        work.ready.release()
    finally:
        connections[work.using].close()


@contextmanager
def _seeing(work: _Work, session: Session) -> Iterator[None]:
    """A transaction that sees the snapshot and nothing later."""
    with transaction.atomic(using=work.using):
        session.cursor.execute(_READ_ONLY)
        session.cursor.execute(f"SET TRANSACTION SNAPSHOT '{work.snapshot}'")
        session.settle()
        yield


def _compare_catalogue(work: _Work, session: Session) -> None:
    with _seeing(work, session):
        ((is_late,),) = session.rows("live/catalogue_is_late.sql")
        if not is_late:
            session.execute(_ONCE)
    with work.lock:
        work.compared["late_catalogue"] += int(is_late)


def _compare(work: _Work, session: Session, batch: tuple[int, int]) -> None:
    with _seeing(work, session):
        low, high = batch
        session.execute("live/comparable_units.sql", low=low, high=high)
        units = int(session.cursor.rowcount)
        session.project()
        for name in _CHECKS:
            if name != _ONCE:
                session.execute(name)
        session.cursor.execute("SELECT count(*) FROM m_seat")
        seats = int(session.cursor.fetchone()[0])
    with work.lock:
        work.compared["seen_units"] += units
        work.compared["seen_seats"] += seats
        work.progress(work.compared["seen_units"], work.total, work.compared["seen_seats"])


def _collect(work: _Work, session: Session) -> None:
    session.cursor.execute("SELECT name, sum(n) FROM m_compared GROUP BY name")
    compared = {str(name): int(count) for name, count in session.cursor.fetchall()}
    session.cursor.execute(
        "SELECT rule, performance_id::text, tbl, key, legacy::text, new::text FROM m_mismatch"
    )
    found = [
        Mismatch(rule, of, table, key, legacy and json.loads(legacy), new and json.loads(new))
        for rule, of, table, key, legacy, new in session.cursor.fetchall()
    ]
    with work.lock:
        work.compared.update(compared)
        work.found += found


def _said(legacy: Any, new: Any) -> str:
    """Say what differs between two documents; where one is missing, that it is."""
    if new is None:
        return "missing in Fullhouse"
    if legacy is None:
        return "not in the legacy data"
    names = [name for name in legacy if name in new and legacy[name] != new[name]]
    if not names:
        return f"{legacy} became {new}"
    return ", ".join(f"{name} {legacy[name]!r} became {new[name]!r}" for name in names)
