"""After a way back: the rows of Fullhouse go, and what it sold itself goes into the archive first.

The legacy tables hold every sale by then. Fullhouse's rows would be a second truth about the same
evening, and stand in the way of another takeover; the ledger forgets nothing, so its rows leave
only into the archive of their run (models/over.py, docs/adr/0005-cut-over.md).
"""

from __future__ import annotations

from typing import Final

from django.db import transaction

from fullhouse.migration.batches import require_autocommit
from fullhouse.migration.models import ArchivedRow, MadeRow, MigrationRun
from fullhouse.migration.progress import Progress, ignore
from fullhouse.migration.session import Session, bare
from fullhouse.migration.used_elsewhere import used_elsewhere

_UNITS_AT_ONCE: Final = 50
_ARCHIVE: Final = "live/over/archive_units.sql"


def archive_and_remove(
    run: MigrationRun, *, using: str, progress: Progress = ignore
) -> tuple[str, ...]:
    """Remove what `run` made; return the performances whose rows are in the archive.

    In committed batches; may be stopped and called again. Venues, events and ticket types that
    something else hangs on stay and are no longer the run's. The run must be rolled back.
    """
    require_autocommit(using)
    made = MadeRow.objects.using(using).filter(run=run, kind="performance")
    total, done = made.count(), 0
    with bare(run, using=using) as session:
        while units := _remove_units(session, using):
            done += units
            progress(done, total, 0)
        with transaction.atomic(using=using):
            session.settle()
            session.allow_writing()
            for kind, key, _ in used_elsewhere(session.cursor, run):
                made_rows = MadeRow.objects.using(using).filter(run=run, kind=kind, row_id=key)
                made_rows.delete()
            session.execute("live/over/let_go.sql")
            session.execute("write/80_remove_catalogue.sql")
    rows = ArchivedRow.objects.using(using).filter(run=run, kind="performance")
    return tuple(str(key) for key in rows.order_by("row_id").values_list("row_id", flat=True))


def _remove_units(session: Session, using: str) -> int:
    with transaction.atomic(using=using):
        session.settle()
        session.allow_writing()
        session.cursor.execute(
            "INSERT INTO m_batch SELECT row_id FROM capacity_migration_maderow"
            " WHERE run_id = %s AND kind = 'performance' ORDER BY id LIMIT %s",
            [session.run.pk, _UNITS_AT_ONCE],
        )
        units = int(session.cursor.rowcount)
        if units:
            session.execute(_ARCHIVE)
            session.execute("live/over/archive_rules.sql")
            session.cursor.execute("SET LOCAL fullhouse.archived = 'on'")
            session.execute("write/70_remove_units.sql")
    return units
