"""The plan: what a takeover would make of every performance, and every contradiction it found.

It reads the legacy side as backfill does, and writes only to the run's own records.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any, Final

from django.db import Error, transaction

from fullhouse.migration import decisions, sql_files
from fullhouse.migration import source as sources
from fullhouse.migration.batches import (
    BATCH_SEATS,
    BATCH_UNITS,
    is_about_data,
    reason,
    require_autocommit,
)
from fullhouse.migration.kinds import KINDS
from fullhouse.migration.models import Anomaly, MigrationRun, MigrationUnit
from fullhouse.migration.progress import Progress, ignore
from fullhouse.migration.session import Session, opened
from fullhouse.migration.source import Source

_ANOMALIES: Final = sql_files.folder("anomalies")
#: Backfill and validation take about so many times as long as the plan (benchmarks/migration.py).
_PLANS_IN_A_TAKEOVER: Final = 1.5
_UNTIL_NEXT: Final = (
    "WITH open AS ("
    " SELECT id, performance_id, sum(seats + 20) OVER (ORDER BY id) - seats - 20 AS before"
    " FROM (SELECT id, performance_id, seats FROM capacity_migration_migrationunit"
    "  WHERE run_id = %s AND id > %s ORDER BY id LIMIT %s) AS u),"
    " taken AS (SELECT * FROM open WHERE before < %s),"
    " put AS (INSERT INTO m_batch SELECT performance_id FROM taken)"
    " SELECT max(id), count(*) FROM taken"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as made. The document itself is `run.plan`."""

    plan_sha: str
    units: int
    seats: int
    anomalies: dict[str, int]
    seconds_estimate: float


def make_plan(
    run: MigrationRun,
    *,
    using: str = "default",
    progress: Progress = ignore,
    source: Source | None = None,
) -> Plan:
    """Read the whole legacy side of `run` and replace its plan and anomalies.

    Decisions taken before stay with the anomalies that are found again. `plan_sha` covers the
    legacy content, the source, the split and the decisions of a file; the same for the same.
    Raises UsageError inside a transaction, SourceError if the schema is not the source's.
    """
    require_autocommit(using)
    read = source or sources.load(run.source)
    began = time.monotonic()
    with opened(run, using=using, source=read) as session:
        total = _list_units(session, using)
        seats = _read_all(session, using, total, progress)
        seconds = round((time.monotonic() - began) * _PLANS_IN_A_TAKEOVER, 1)
        with transaction.atomic(using=using):
            session.settle()
            session.execute("plan/catalogue_anomalies.sql")
            _replace_anomalies(session)
            decisions.apply_kept(run, using=using)
            sha = _digest(session, read)
            counts = _store(session, seconds)
    run.refresh_from_db(using=using, fields=["plan"])
    return Plan(sha, total, seats, counts, seconds)


def open_questions(run: MigrationRun, *, using: str = "default") -> list[Anomaly]:
    """Return the anomalies that wait for a decision, in a stable order."""
    found = Anomaly.objects.using(using).filter(run=run, decision="")
    return list(found.exclude(policy=Anomaly.Policy.APPLY).order_by("kind", "performance_id", "id"))


def _list_units(session: Session, using: str) -> int:
    """Bring the unit rows to the performances of the legacy side; return their number."""
    with transaction.atomic(using=using):
        session.execute("write/05_units.sql")
        session.cursor.execute(
            "DELETE FROM capacity_migration_migrationunit AS u WHERE u.run_id = %s"
            " AND u.done_at IS NULL"
            " AND NOT EXISTS (SELECT FROM src_performance AS p WHERE p.id = u.performance_id)",
            [session.run.pk],
        )
    return MigrationUnit.objects.using(using).filter(run=session.run).count()


def _read_all(session: Session, using: str, total: int, progress: Progress) -> int:
    done = seats = last = 0
    progress(0, total, 0)
    while True:
        try:
            upto, units, places = _read(session, using, last, BATCH_UNITS)
        except Error as error:
            if not is_about_data(error):
                raise
            upto, units, places = _read_one_by_one(session, using, last)
        if not units:
            return seats
        last, done, seats = upto, done + units, seats + places
        progress(done, total, seats)


def _read(session: Session, using: str, last: int, limit: int) -> tuple[int, int, int]:
    """Read the units after `last`; return the last one, their number and their seats."""
    with transaction.atomic(using=using):
        session.settle()
        session.cursor.execute(_UNTIL_NEXT, [session.run.pk, last, limit, BATCH_SEATS])
        upto, units = session.cursor.fetchone()
        if not units:
            return last, 0, 0
        session.project()
        session.execute("plan/units.sql")
        for name in _ANOMALIES:
            session.execute(name)
        session.cursor.execute("SELECT count(*) FROM m_seat")
        return int(upto), int(units), int(session.cursor.fetchone()[0])


def _read_one_by_one(session: Session, using: str, last: int) -> tuple[int, int, int]:
    """Read about a batch of units one by one; one that cannot be read is an anomaly of its own."""
    done = seats = 0
    units = MigrationUnit.objects.using(using).filter(run=session.run, pk__gt=last)
    for unit in units.order_by("pk")[:BATCH_UNITS]:
        try:
            seats += _read(session, using, unit.pk - 1, 1)[2]
        except Error as error:
            if not is_about_data(error):
                raise
            session.cursor.execute(
                "INSERT INTO m_anomaly VALUES (%s, 'performance_unreadable', '', '[]', 1,"
                " jsonb_build_object('error', %s::text))",
                [unit.performance_id, reason(error)],
            )
        last, done = unit.pk, done + 1
    return last, done, seats


def _replace_anomalies(session: Session) -> None:
    kinds = [[kind.name, kind.proposal, kind.policy] for kind in KINDS.values()]
    session.cursor.execute(
        "CREATE TEMP TABLE m_kind (name text, proposal text, policy text) ON COMMIT DROP"
    )
    session.cursor.executemany("INSERT INTO m_kind VALUES (%s, %s, %s)", kinds)
    session.execute("plan/replace_anomalies.sql")


def _digest(session: Session, source: Source) -> str:
    session.execute("plan/digest.sql")
    content = session.cursor.fetchone()[0]
    decided = json.dumps(session.run.decisions, sort_keys=True, ensure_ascii=False)
    text = "\n".join([str(content), source.text, session.run.split, decided])
    return hashlib.sha256(text.encode()).hexdigest()


def _store(session: Session, seconds: float) -> dict[str, int]:
    """Put the plan's document together in the database; return the anomalies by kind."""
    cursor: Any = session.cursor
    cursor.execute("SELECT set_config('fullhouse.plan_seconds', %s, true)", [str(seconds)])
    session.execute("plan/store.sql")
    cursor.execute(
        "SELECT kind, count(*) FROM capacity_migration_anomaly WHERE run_id = %s"
        " GROUP BY kind ORDER BY kind",
        [session.run.pk],
    )
    return {str(kind): int(count) for kind, count in cursor.fetchall()}
