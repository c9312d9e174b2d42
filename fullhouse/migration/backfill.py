"""Makes the new rows of every unit: recomputed whole from the legacy side, written, marked done.

Locks: the unit rows of a batch, then venue, performance, section, allocation, seat in that order.
Running it again makes nothing new: ids and times come from the legacy rows.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from fullhouse.migration.batches import Plan, Tally, require_autocommit, run_workers
from fullhouse.migration.models import MigrationRun, MigrationUnit
from fullhouse.migration.progress import Progress, ignore
from fullhouse.migration.remove import remove
from fullhouse.migration.session import Session, opened
from fullhouse.migration.source import Source

__all__ = ["BackfillResult", "FailedUnit", "backfill", "remove"]


@dataclass(frozen=True, slots=True)
class FailedUnit:
    """A performance that could not be made, and why; the others were."""

    performance_id: str
    reason: str

    def __str__(self) -> str:
        return f"{self.performance_id} ({self.reason})"


@dataclass(frozen=True, slots=True)
class BackfillResult:
    """Units and legacy seat rows done in this call; `failed` waits for another."""

    units: int
    seats: int
    failed: tuple[FailedUnit, ...]


def backfill(
    run: MigrationRun,
    *,
    using: str = "default",
    progress: Progress = ignore,
    workers: int = 1,
    source: Source | None = None,
) -> BackfillResult:
    """Make what is not made yet of `run`, in committed batches, with one or two workers.

    May be stopped at any time (the progress raises, the process dies) and called again. Units
    that cannot be made are reported, not raised. Raises UsageError inside a transaction,
    SourceError if the legacy schema is not the source's, BusyError for a replaced runner.
    """
    require_autocommit(using)
    with opened(run, using=using, source=source) as session, transaction.atomic(using=using):
        session.settle()
        session.allow_writing()
        session.execute("write/05_units.sql")
        session.execute("write/10_catalogue.sql")
        session.execute("write/15_planned_venues.sql")
    units = MigrationUnit.objects.using(using).filter(run=run)
    units.exclude(error="").update(error="")
    open_units = units.filter(done_at__isnull=True).count()
    tally = Tally(progress, total=open_units)
    plan = Plan(run=run, using=using, source=source, work=write_batch, tally=tally)
    progress(0, open_units, 0)
    run_workers(plan, workers)
    failed = tuple(
        FailedUnit(str(unit.performance_id), unit.error)
        for unit in units.exclude(error="").order_by("id")
    )
    return BackfillResult(tally.done - len(failed), tally.seats, failed)


def write_batch(session: Session) -> None:
    """Project the units of `m_batch` and bring the new tables to that state."""
    session.project()
    session.allow_writing()
    session.execute("write/30_foreign.sql")
    session.execute("write/40_venues.sql")
    session.cursor.execute(_MADE_BEFORE)
    if session.cursor.fetchone()[0]:
        session.execute("write/50_strays.sql")
    session.execute("write/60_rows.sql")


_MADE_BEFORE = (
    "SELECT EXISTS (SELECT FROM events_eventperformance AS p"
    " JOIN m_batch AS b ON b.performance_id = p.id)"
)
