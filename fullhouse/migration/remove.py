"""Takes away what a run made, and only that; the legacy side is not touched.

Refuses, before anything is removed, where something that the run did not make hangs on its rows.
It may be stopped and called again.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import connections, transaction

from fullhouse.migration.batches import require_autocommit
from fullhouse.migration.exit_codes import RefusedError
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.progress import Progress, ignore
from fullhouse.migration.session import Session, bare
from fullhouse.migration.used_elsewhere import used_elsewhere

_UNITS_AT_ONCE: Final = 200
_NAMED: Final = 20


def remove(run: MigrationRun, *, using: str = "default", progress: Progress = ignore) -> None:
    """Remove the performances, then the ticket types, events and venues that `run` made.

    Venues that it raised get their capacity back. Raises RefusedError, with nothing removed, if
    places moved in Fullhouse since or other rows hang on them: it names them.
    """
    require_autocommit(using)
    with bare(run, using=using) as session:
        _refuse_used(session)
        total = _count(session)
        done = 0
        while units := _remove_units(session, using):
            done += units
            progress(done, total, 0)
        if total:
            # The foreign keys of the catalogue look through the lines; dead ones cost as much.
            with connections[using].cursor() as cursor:
                cursor.execute("VACUUM events_reservationline")
        with transaction.atomic(using=using):
            session.settle()
            session.allow_writing()
            _refuse_used(session)
            session.execute("write/80_remove_catalogue.sql")


def _remove_units(session: Session, using: str) -> int:
    with transaction.atomic(using=using):
        session.allow_writing()
        session.cursor.execute(
            "INSERT INTO m_batch SELECT row_id FROM capacity_migration_maderow"
            " WHERE run_id = %s AND kind = 'performance' ORDER BY id LIMIT %s",
            [session.run.pk, _UNITS_AT_ONCE],
        )
        units = int(session.cursor.rowcount)
        if units:
            session.execute("write/70_remove_units.sql")
    return units


def _count(session: Session) -> int:
    session.cursor.execute(
        "SELECT count(*) FROM capacity_migration_maderow"
        " WHERE run_id = %s AND kind = 'performance'",
        [session.run.pk],
    )
    return int(session.cursor.fetchone()[0])


def _refuse_used(session: Session) -> None:
    used: list[tuple[Any, ...]] = session.rows("write/75_kept_by_others.sql")
    used += used_elsewhere(session.cursor, session.run)
    if not used:
        return
    named = "; ".join(f"{kind} {key}: {why}" for kind, key, why in used[:_NAMED])
    raise RefusedError(
        f"{len(used):,} rows that this takeover made are in use, nothing was removed: {named}. "
        "Move or remove what uses them first.",
        f"{len(used):,} ردیف ساختهٔ این جابه‌جایی در کار است و چیزی برداشته نشد: {named}. نخست آنچه"
        " به آن‌ها وابسته است جابه‌جا یا برداشته شود.",
        rows=[str(key) for _, key, _ in used[:_NAMED]],
    )
