"""Contract: after a soak the legacy tables go into an archive schema, from which rollback fetches
them back; until then nothing is lost, and whoever still reads them finds out now.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import connections
from psycopg import sql

from fullhouse.migration.backup.take import take_backup
from fullhouse.migration.exit_codes import RefusedError, UsageError
from fullhouse.migration.live import budget, over_guards, places, reverse
from fullhouse.migration.live.budget import Budget, Held
from fullhouse.migration.models import MigrationRun, RunEvent
from fullhouse.migration.runs import State
from fullhouse.migration.steps import Runner

#: What refers to a table that is to go, from outside of what goes with it.
_HANGING: Final = (
    "WITH going AS (SELECT c.oid FROM pg_catalog.pg_class AS c"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE n.nspname = %s AND c.relname = ANY (%s))"
    " SELECT k.conrelid::regclass::text FROM pg_catalog.pg_constraint AS k"
    "  WHERE k.contype = 'f' AND k.confrelid IN (SELECT oid FROM going)"
    "  AND k.conrelid NOT IN (SELECT oid FROM going)"
    " UNION SELECT w.ev_class::regclass::text FROM pg_catalog.pg_depend AS d"
    "  JOIN pg_catalog.pg_rewrite AS w ON w.oid = d.objid"
    "  WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass"
    "  AND d.refobjid IN (SELECT oid FROM going) AND w.ev_class NOT IN (SELECT oid FROM going)"
    " ORDER BY 1"
)


def contract(work: Runner, *, budget_ms: int = budget.DEFAULT_MS) -> Held:
    """Back the legacy tables up, prove it, and move them into the archive schema.

    The order must name the plan (`--plan-sha`), typed, so that nobody contracts another takeover.
    Locks: ACCESS EXCLUSIVE on the legacy tables by name. Raises UsageError, RefusedError,
    MismatchError (the backup), RetryError (over the budget; taken back).
    """
    run, using = work.run, work.order.using
    _require_state(run)
    _require_typed(work)
    with connections[using].cursor() as cursor:
        places.check_owned(cursor, work.source, run.legacy_schema)
        tables = places.legacy_tables(cursor, work.source, run.legacy_schema)
    with work.phase("backup") as progress:
        made = take_backup(
            run,
            root=work.order.backup_dir,
            form=work.order.backup_form,
            using=using,
            progress=progress,
        )
    reverse.sync_once(run, work.source, using=using)
    over_guards.require_no_old_transaction(using)

    def inside(left: Budget) -> None:
        cursor = left.cursor
        left.step("lock")
        _move(cursor, tables, places.archive_schema(run), make=True)
        left.step("state")
        detail = {"archive": places.archive_schema(run), "tables": [name for _, name in tables]}
        was = run.state
        work.move(State.CONTRACTED, "contract", detail | {"backup": str(made.folder)})
        run.state = was

    with work.phase("contract"):
        _, held = budget.within_budget(inside, "contract", using=using, budget_ms=budget_ms)
    run.refresh_from_db(using=using)
    work.watcher.say(
        f"The legacy tables are in {places.archive_schema(run)}. Back: rollback. For good: purge.",
        f"جدول‌های قدیمی در {places.archive_schema(run)} است. بازگشت: rollback. برای همیشه: purge.",
    )
    return held


def move_back(cursor: Any, run: MigrationRun) -> None:
    """Undo `contract` in the caller's transaction. Locks: ACCESS EXCLUSIVE on the tables."""
    archive = places.archive_schema(run)
    cursor.execute(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = %s ORDER BY 1", [archive]
    )
    tables = [(archive, str(name)) for (name,) in cursor.fetchall()]
    _move(cursor, tables, run.legacy_schema, make=False)
    cursor.execute(sql.SQL("DROP SCHEMA {}").format(sql.Identifier(archive)))


def require_not_purged(run: MigrationRun, *, using: str) -> None:
    """Raise RefusedError once the archive is gone: there is nothing to go back to."""
    purged = RunEvent.objects.using(using).filter(run=run, phase="purge").order_by("-id").first()
    if purged is None:
        return
    raise RefusedError(
        f"The archive of {run.legacy_schema!r} was purged: there is no legacy table to go back "
        f"to. Its last backup is in {purged.detail.get('backup', '-')}.",
        f"بایگانی {run.legacy_schema!r} پاک شده است و جدولی برای بازگشت نیست. آخرین پشتیبان:"
        f" {purged.detail.get('backup', '-')}",
    )


def hanging(cursor: Any, run: MigrationRun, tables: list[places.Table]) -> list[str]:
    """Return the views and tables elsewhere that hang on `tables`."""
    cursor.execute(_HANGING, [places.current_schema(run), [name for _, name in tables]])
    return [str(name) for (name,) in cursor.fetchall()]


def _move(cursor: Any, tables: list[places.Table], to: str, *, make: bool) -> None:
    if make:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(to)))
    for schema, table in tables:
        cursor.execute(
            sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(
                sql.Identifier(schema, table), sql.Identifier(to)
            )
        )


def _require_state(run: MigrationRun) -> None:
    if run.state == State.CUT_OVER:
        return
    raise RefusedError(
        f"`contract` is for a takeover that is cut over, and this one is {run.state!r}.",
        f"`contract` پس از انتقال (cut_over) است و این جابه‌جایی {run.state!r} است.",
        state=str(run.state),
    )


def _require_typed(work: Runner) -> None:
    asked, plan = work.order.plan_sha, work.run.plan_sha
    if asked and asked == plan:
        return
    raise UsageError(
        "`contract` takes the legacy tables away from whoever still reads them. To say which "
        f"takeover you mean, give its plan: --plan-sha {plan}",
        "`contract` جدول‌های قدیمی را از دسترس خوانندگانشان برمی‌دارد. برای روشن بودن، شناسهٔ طرح را"
        f" بدهید: --plan-sha {plan}",
        plan_sha=plan,
    )
