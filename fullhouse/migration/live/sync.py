"""Sync: one bounded pass over the outbox. What changed since is made anew, and only that.

Read ids, take units, recompute them in a younger snapshot, delete exactly those ids. There is no
"until empty": under sellers that never rests; how far behind it is, is a number to watch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import Error, OperationalError, transaction

from fullhouse.migration import lease
from fullhouse.migration.batches import require_autocommit
from fullhouse.migration.exit_codes import RetryError
from fullhouse.migration.live import project
from fullhouse.migration.live.batch_size import BatchSize
from fullhouse.migration.live.numbers import depth
from fullhouse.migration.models import MigrationRun, MigrationUnit, Outbox
from fullhouse.migration.progress import Progress, ignore
from fullhouse.migration.session import Session, opened
from fullhouse.migration.source import Source

#: Ids that one pass reads; many name the same unit, which is made once.
LIMIT: Final = 20_000
_ATTEMPTS: Final = 5
_NO_LIMIT: Final = 2_000_000_000
#: All of the outbox, as a share of it.
EVERYTHING: Final = "true"


@dataclass(frozen=True, slots=True)
class SyncResult:
    """One pass. `read` ids, `units` made anew with `seats` legacy rows; `left` ids in the outbox.

    `failed` units could not be made; they stand in the outbox again, at its end.
    """

    read: int
    units: int
    seats: int
    left: int
    failed: tuple[str, ...] = ()


@dataclass(slots=True)
class _Done:
    units: int = 0
    seats: int = 0


def sync_once(
    run: MigrationRun,
    *,
    using: str,
    limit: int = LIMIT,
    source: Source | None = None,
    progress: Progress = ignore,
) -> SyncResult:
    """Make what the next `limit` ids name anew, in committed batches; may be stopped at any time.

    Locks: unit rows, skipping those of another worker, whose ids stay. Raises BusyError for a
    replaced runner, SourceError if the legacy schema is not the source's.
    """
    require_autocommit(using)
    with opened(run, using=using, source=source) as session:
        project.prepare(session)
        return one_pass(session, BatchSize(), limit=limit, progress=progress)


def one_pass(
    session: Session,
    size: BatchSize,
    *,
    limit: int = LIMIT,
    leave_open: bool = False,
    share: str = EVERYTHING,
    progress: Progress = ignore,
) -> SyncResult:
    """Do a pass on an open session; `size` says how much one transaction takes, and learns.

    `leave_open`: units that were never made are left to the backfill, and their ids deleted.
    `share`: which rows of the outbox, a condition on `o` (see `crew`).
    """
    if share == EVERYTHING:
        read_links(session, limit)
    read, total, catalogue = _read(session, limit, share, leave_open=leave_open)
    done = _Done()
    failed: list[str] = []
    progress(0, total, 0)
    while read:
        try:
            turn = _batch(session, size, done)
        except Error as error:
            if not project.is_about_data(error):
                raise
            failed += _one_by_one(session, size, done)
            continue
        if not turn:
            break
        progress(min(done.units, total), total, done.seats)
    left = depth(session.run, using=session.using)
    if catalogue:
        _remove_strays(session, again=bool(failed))
    return SyncResult(read, done.units, done.seats, left, tuple(failed))


def read_links(session: Session, limit: int = _NO_LIMIT) -> None:
    """Turn marks by link into marks of units, at most `limit`; by one session, before a pass.

    In a transaction of its own, or the caller's.
    """
    if not session.has_links:
        return
    with transaction.atomic(using=session.using):
        session.settle()
        lease.check(session.run, using=session.using)
        session.execute("live/read_links.sql", limit=limit)


def drain(session: Session, *, share: str = EVERYTHING) -> tuple[UUID, ...]:
    """Make everything that the outbox names anew, in the caller's transaction; return the units.

    `share`: or a part of it, a condition on `o` (see `crew`). For the cut-over, which holds the
    legacy tables against writers by then, so the outbox grows no more. The session is opened and
    prepared (`project.prepare`) before the locks are taken, since that reads the catalogue; its
    `want_*` views show the units until the transaction ends. Raises RetryError if another worker
    holds a unit, a database error if one cannot be made.
    """
    session.settle()
    if not _read_ids(session, _NO_LIMIT, share):
        return ()
    _follow(session)
    session.execute("live/units_read.sql")
    session.execute("live/take_units.sql", which="", seats=_NO_LIMIT, units=_NO_LIMIT)
    turn, taken = _counts(session)
    if taken < turn:
        raise RetryError(
            f"{turn - taken:,} performances are being made by another worker; try again.",
            f"{turn - taken:,} اجرا در دست کارگر دیگری است؛ دوباره بکوشید.",
        )
    if taken:
        project.remake(session)
    session.execute("live/delete_read.sql")
    session.execute("live/catalogue_strays.sql")
    session.cursor.execute("SELECT performance_id FROM m_batch ORDER BY 1")
    return tuple(UUID(str(key)) for (key,) in session.cursor.fetchall())


def _read(session: Session, limit: int, share: str, *, leave_open: bool) -> tuple[int, int, bool]:
    """Read ids; follow the catalogue if any is about it; return ids, units, whether it was."""
    with transaction.atomic(using=session.using):
        session.settle()
        lease.check(session.run, using=session.using)
        read = _read_ids(session, limit, share)
        catalogue = _follow(session) if read else False
        if read:
            session.execute("live/units_read.sql")
            if leave_open:
                session.execute("live/leave_open.sql")
            session.execute("live/delete_read.sql")
        session.cursor.execute("SELECT count(DISTINCT performance_id) FROM m_read WHERE is_open")
        units = int(session.cursor.fetchone()[0])
    return read, units, catalogue


def _read_ids(session: Session, limit: int, share: str) -> int:
    session.execute("live/read_outbox.sql", limit=limit, share=share)
    session.cursor.execute("SELECT count(*) FROM m_read")
    return int(session.cursor.fetchone()[0])


def _follow(session: Session) -> bool:
    session.cursor.execute("SELECT EXISTS (SELECT FROM m_read WHERE performance_id IS NULL)")
    changed = bool(session.cursor.fetchone()[0])
    if changed:
        project.follow_catalogue(session)
    return changed


def _batch(session: Session, size: BatchSize, done: _Done, which: str = "") -> int:
    """Make one batch in one transaction, again after a deadlock; return the units in turn."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with size.measured() as measured, transaction.atomic(using=session.using):
                session.settle()
                lease.check(session.run, using=session.using)
                session.execute(
                    "live/take_units.sql", which=which, seats=size.seats, units=size.units
                )
                turn, taken = _counts(session)
                seats = 0
                if taken:
                    seats = project.remake(session)
                    session.execute("live/delete_read.sql")
                measured.seats = seats
            done.units += taken
            done.seats += seats
            return turn
        except OperationalError as error:
            if attempt == _ATTEMPTS or project.sqlstate(error) not in project.TRANSIENT:
                raise
    return 0


def _one_by_one(session: Session, size: BatchSize, done: _Done) -> list[str]:
    """Make the units of the batch that failed singly; return those that fail alone too."""
    failed: list[str] = []
    session.cursor.execute(
        "SELECT DISTINCT performance_id FROM m_read WHERE is_open AND NOT is_tried"
        " ORDER BY 1 LIMIT %s",
        [size.units],
    )
    for (unit,) in session.cursor.fetchall():
        try:
            _batch(session, size, done, which=f"AND performance_id = '{UUID(str(unit))}'")
        except Error as error:
            if not project.is_about_data(error):
                raise
            failed.append(str(unit))
            _put_back(session, unit, project.reason(error))
    return failed


def _put_back(session: Session, unit: UUID, reason: str) -> None:
    with transaction.atomic(using=session.using):
        units = MigrationUnit.objects.using(session.using).filter(run=session.run)
        units.filter(performance_id=unit).update(error=reason)
        session.cursor.execute("INSERT INTO m_batch VALUES (%s)", [unit])
        session.execute("live/put_back.sql")
        session.execute("live/delete_read.sql")


def _counts(session: Session) -> tuple[int, int]:
    session.cursor.execute("SELECT (SELECT count(*) FROM m_turn), (SELECT count(*) FROM m_batch)")
    turn, taken = session.cursor.fetchone()
    return int(turn), int(taken)


def _remove_strays(session: Session, *, again: bool) -> None:
    with transaction.atomic(using=session.using):
        session.settle()
        session.allow_writing()
        session.execute("live/catalogue_strays.sql")
        if again:
            # A unit that still stands on a stray failed; the catalogue is looked at again with it.
            Outbox.objects.using(session.using).create(
                run_id=session.run.pk, direction=Outbox.Direction.FORWARD
            )
