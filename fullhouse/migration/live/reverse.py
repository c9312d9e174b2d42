"""Reverse projection: after the cut-over the legacy tables follow what Fullhouse sells.

As on the way over, a unit is recomputed whole, never changed by a difference. Legacy rows whose
state did not move since the cut-over keep their bytes. See docs/adr/0005-cut-over.md.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.db import OperationalError, transaction
from psycopg import sql

from fullhouse.migration import lease
from fullhouse.migration.batches import require_autocommit
from fullhouse.migration.live import (
    fence,
    legacy_columns,
    places,
    project,
    write_back,
    write_by_source,
)
from fullhouse.migration.models import MigrationRun, Outbox, RunEvent
from fullhouse.migration.session import Session, opened
from fullhouse.migration.source import Source

#: Ids that one pass reads, and units that one transaction writes.
LIMIT: Final = 20_000
UNITS: Final = 50
#: How often the follower looks; the legacy tables are about this much behind.
EVERY_SECONDS: Final = 0.5
_EVERYTHING: Final = 2_000_000_000
_ATTEMPTS: Final = 5
_PROJECTION: Final = ("10_units", "20_seats", "30_bookings", "40_performances")
_KEEP: Final = "live/reverse/50_keep.sql"


@dataclass(frozen=True, slots=True)
class ReverseResult:
    """One pass: units written back, legacy rows changed or added, ids that are left."""

    units: int
    rows: int
    left: int


@dataclass(frozen=True, slots=True)
class Writer:
    """A session that reads Fullhouse and may write to the legacy tables.

    `own`: the source, where it says itself how it is written back.
    """

    session: Session
    ready: list[sql.Composed]
    own: Source | None = None

    @property
    def run(self) -> MigrationRun:
        """The run that is written back."""
        return self.session.run


@contextmanager
def writer(run: MigrationRun, source: Source, *, using: str) -> Iterator[Writer]:
    """Open a session that writes back; what it needs of the catalogue is read here, once.

    Raises SourceError and RefusedError if the legacy tables are not the source's or cannot be
    written.
    """
    placed = places.as_placed(run)
    with opened(placed, using=using, source=source, back=True) as session:
        session.execute("live/reverse/00_tables.sql")
        if source.reverse is not None:
            session.execute("live/reverse/05_back_views.sql")
            write_by_source.check(placed, source, using=using)
            own = write_by_source.statements(source, placed.legacy_schema)
            yield Writer(session, own, own=source)
            return
        tables = legacy_columns.written(session.cursor, source, placed.legacy_schema)
        user = legacy_user(run, using=using)
        ready = write_back.statements(tables, source.views["event"].table, user)
        yield Writer(session, ready)


def require_way_back(run: MigrationRun, source: Source, *, using: str) -> None:
    """Raise RefusedError or SourceError unless the legacy tables can be written back."""
    with writer(run, source, using=using):
        pass


def legacy_user(run: MigrationRun, *, using: str) -> str:
    """Return whose the bookings of unknown buyers are, as the cut-over was told."""
    events = RunEvent.objects.using(using).filter(run=run, phase="cutover")
    last = events.filter(from_state="validated").order_by("-id").first()
    return str(last.detail.get("legacy_user") or write_back.NOBODY) if last else write_back.NOBODY


def depth(run: MigrationRun, *, using: str) -> int:
    """Return how many rows of the reverse outbox wait."""
    rows = Outbox.objects.using(using).filter(run_id=run.pk, direction=Outbox.Direction.REVERSE)
    return int(rows.count())


def sync_once(
    run: MigrationRun, source: Source, *, using: str, limit: int = LIMIT
) -> ReverseResult:
    """Write back what the next `limit` ids name, in committed batches; may be stopped at any time.

    Raises BusyError for a replaced runner. Locks: unit rows, then legacy rows.
    """
    require_autocommit(using)
    with writer(run, source, using=using) as back:
        return one_pass(back, limit=limit)


def one_pass(back: Writer, *, limit: int = LIMIT) -> ReverseResult:
    """Do a pass on an open session."""
    session = back.session
    with transaction.atomic(using=session.using):
        session.settle()
        lease.check(session.run, using=session.using)
        session.execute("live/reverse/60_read_outbox.sql", limit=limit)
    units = rows = 0
    while True:
        done, written = _batch(back)
        if not done:
            break
        units, rows = units + done, rows + written
    return ReverseResult(units, rows, depth(session.run, using=session.using))


def follow(back: Writer, over: threading.Event) -> ReverseResult:
    """Do passes until `over` is set; the legacy tables stay about EVERY_SECONDS behind."""
    units = rows = 0
    while True:
        done = one_pass(back)
        units, rows = units + done.units, rows + done.rows
        if over.wait(EVERY_SECONDS):
            return ReverseResult(units, rows, done.left)


def drain(back: Writer) -> int:
    """Write back everything that the outbox names, in the caller's transaction; return the units.

    The caller has locked the sellers out, so the outbox grows no more. Its units are in `m_batch`
    until the transaction ends.
    """
    session = back.session
    session.settle()
    session.execute("live/reverse/60_read_outbox.sql", limit=_EVERYTHING)
    session.execute("live/reverse/70_take_units.sql", units=_EVERYTHING, locked="")
    session.cursor.execute("SELECT count(*) FROM m_batch")
    units = int(session.cursor.fetchone()[0])
    if units:
        _write(back)
        session.execute("live/reverse/80_delete_read.sql")
    return units


def _batch(back: Writer) -> tuple[int, int]:
    """Write one batch of units in one transaction, again after a deadlock; units and rows."""
    session = back.session
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with transaction.atomic(using=session.using):
                session.settle()
                lease.check(session.run, using=session.using)
                session.execute("live/reverse/70_take_units.sql", units=UNITS, locked="SKIP LOCKED")
                session.cursor.execute("SELECT count(*) FROM m_batch")
                units = int(session.cursor.fetchone()[0])
                rows = 0
                if units:
                    rows = _write(back)
                    session.execute("live/reverse/80_delete_read.sql")
            return units, rows
        except OperationalError as error:
            if attempt == _ATTEMPTS or project.sqlstate(error) not in project.TRANSIENT:
                raise
    return 0, 0


def _write(back: Writer) -> int:
    """Bring the legacy rows of `m_batch` to what Fullhouse says; return the rows written."""
    session = back.session
    fence.let_reverse_writer_pass(session.cursor, session.run)
    for name in _PROJECTION:
        session.execute(f"live/reverse/{name}.sql")
    if back.own is not None:
        write_by_source.give_keys(session, back.own)
    session.execute(_KEEP)
    rows = 0
    for statement in back.ready:
        session.cursor.execute(statement)
        rows += int(session.cursor.rowcount)
    return rows
