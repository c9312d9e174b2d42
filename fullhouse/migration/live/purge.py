"""Purge: the archive is dropped for good, and with it all of the takeover outside Fullhouse.

Only after a typed confirmation, and after a fresh backup of exactly what goes was restored and
found equal.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import connections
from psycopg import sql

from fullhouse.migration.backup.take import take_backup
from fullhouse.migration.exit_codes import RefusedError, UsageError
from fullhouse.migration.live import contract, fence, places, reverse_capture, steps
from fullhouse.migration.live.short_locks import with_short_locks
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.runs import State
from fullhouse.migration.steps import Runner


def purge(work: Runner, *, confirm: str) -> None:
    """Drop the archive of a contracted run; `confirm` must be the words that `phrase` gives.

    Raises UsageError (other words), RefusedError (not contracted, or something elsewhere hangs on
    the tables: it is named), MismatchError (the backup is none). Called again it finishes what a
    stopped one left.
    """
    run, using = work.run, work.order.using
    if run.state != State.CONTRACTED:
        raise RefusedError(
            f"`purge` follows `contract`, and this takeover is {run.state!r}.",
            f"`purge` پس از `contract` است و این جابه‌جایی {run.state!r} است.",
            state=str(run.state),
        )
    if confirm != phrase(run):
        raise UsageError(
            f"`purge` drops the legacy tables for good. If you mean it: --confirm {phrase(run)!r}",
            "`purge` جدول‌های قدیمی را برای همیشه پاک می‌کند. اگر مطمئنید: --confirm"
            f" {phrase(run)!r}",
        )
    with connections[using].cursor() as cursor:
        tables = places.legacy_tables(cursor, work.source, places.archive_schema(run))
        if tables:
            _require_free(cursor, run, tables)
    if tables:
        folder = _back_up(work)
        with work.phase("purge"), connections[using].cursor() as cursor:
            drop = partial(_drop, work, cursor, tables, folder)
            with_short_locks(drop, places.archive_schema(run), using=using)
    reverse_capture.remove(run, using=using)
    fence.remove(run, using=using)
    steps.take_away(run, using=using)
    work.watcher.say(
        f"Purged. What was the legacy side of {run.legacy_schema!r} is in its backup only.",
        f"پاک شد. آنچه سوی قدیمی {run.legacy_schema!r} بود تنها در پشتیبان آن است.",
    )


def phrase(run: MigrationRun) -> str:
    """Return what must be typed."""
    return f"purge {run.legacy_schema}"


def _require_free(cursor: Any, run: MigrationRun, tables: list[places.Table]) -> None:
    found = contract.hanging(cursor, run, tables)
    if found:
        names = ", ".join(found)
        raise RefusedError(
            f"Something else hangs on the archived tables: {names}. Drop those views and foreign "
            "keys first; nothing was dropped.",
            f"چیزهای دیگری به جدول‌های بایگانی وابسته است: {names}. نخست آن نماها و کلیدهای بیرونی"
            " را بردارید؛ چیزی پاک نشد.",
            objects=found,
        )


def _back_up(work: Runner) -> str:
    with work.phase("backup") as progress:
        made = take_backup(
            places.as_placed(work.run),
            root=work.order.backup_dir,
            form=work.order.backup_form,
            using=work.order.using,
            progress=progress,
        )
    return str(made.folder)


def _drop(work: Runner, cursor: Any, tables: list[places.Table], folder: str) -> None:
    names = sql.SQL(", ").join(sql.Identifier(*table) for table in tables)
    cursor.execute(sql.SQL("DROP TABLE {}").format(names))
    archive = sql.Identifier(places.archive_schema(work.run))
    cursor.execute(sql.SQL("DROP SCHEMA {}").format(archive))
    work.note("purge", {"backup": folder, "tables": [name for _, name in tables]})
