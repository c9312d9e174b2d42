"""Capture: from its installation on, every change of the legacy side marks its performance.

Statement-level triggers with transition tables insert into the outbox in the seller's own
transaction. Installed before the first batch: what was written earlier is committed by then,
because putting a trigger on a table waits for its writers, and the batch will read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from psycopg import sql

from fullhouse.events.engine.sql_files import schema as own_schema
from fullhouse.migration.exit_codes import RefusedError
from fullhouse.migration.live import triggers
from fullhouse.migration.live.short_locks import with_short_locks
from fullhouse.migration.models import MigrationRun, Outbox
from fullhouse.migration.source import Source

_TABLES = (
    "SELECT c.relname::text, c.relkind::text, has_table_privilege(c.oid, 'TRIGGER'),"
    " array_agg(a.attname::text), ARRAY(SELECT t.relid::regclass::oid FROM"
    "  pg_catalog.pg_partition_tree(c.oid) AS t WHERE t.relid <> c.oid)::oid[]"
    " FROM pg_catalog.pg_class AS c"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0"
    "  AND NOT a.attisdropped"
    " WHERE n.nspname = %s AND c.relname = ANY (%s) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    " GROUP BY c.oid"
)
_OURS = (
    "SELECT n.nspname::text, c.relname::text, t.tgname::text FROM pg_catalog.pg_trigger AS t"
    " JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE starts_with(t.tgname, %s) AND NOT t.tgisinternal ORDER BY 1, 2, 3"
)
# Three for the rows of a table and one against TRUNCATE, for each view that it gives.
_WHOLE = (
    "SELECT c.relname::text FROM pg_catalog.pg_trigger AS t"
    " JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE starts_with(t.tgname, %s) AND n.nspname = %s AND t.tgenabled IN ('O', 'A')"
    " GROUP BY c.relname HAVING count(*) >= 4 AND count(*) %% 4 = 0 ORDER BY 1"
)
_OUR_FUNCTIONS = (
    "SELECT p.proname::text FROM pg_catalog.pg_proc AS p"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace"
    " WHERE n.nspname = %s AND starts_with(p.proname, %s) ORDER BY 1"
)


def install(run: MigrationRun, source: Source, *, using: str) -> list[str]:
    """Put capture on every table of `source`; return their names. Again is safe.

    One table a transaction, under a short lock timeout with retries: no seller waits longer than
    that, and no two of their locks are held together. Raises RefusedError for a table that takes
    no triggers, RetryError for one that is never free.
    """
    with connections[using].cursor() as cursor:
        found = _look(cursor, run, source)
        with transaction.atomic(using=using):
            _make_functions(cursor, run, found)
        for one in found.captured:
            for at in found.places[one.table]:
                put = partial(_execute, cursor, list(triggers.make_triggers(run.pk, one, *at)))
                with_short_locks(put, ".".join(at), using=using)
    return sorted({one.table for one in found.captured})


def create(run: MigrationRun, source: Source, cursor: Any) -> None:
    """Put capture on in the caller's transaction, which holds the locks on the tables already."""
    found = _look(cursor, run, source)
    _make_functions(cursor, run, found)
    for one in found.captured:
        for schema, table in found.places[one.table]:
            _execute(cursor, triggers.make_triggers(run.pk, one, schema, table))


def installed(run: MigrationRun, *, using: str) -> list[str]:
    """Return the legacy tables on which this run's capture is whole and enabled."""
    with connections[using].cursor() as cursor:
        cursor.execute(_WHOLE, [triggers.prefix(run.pk), run.legacy_schema])
        return [str(table) for (table,) in cursor.fetchall()]


def drop(run: MigrationRun, cursor: Any) -> None:
    """Take the triggers off in the caller's transaction, which holds the locks on the tables.

    Locks: ACCESS EXCLUSIVE on each table. The functions stay; `remove` takes them.
    """
    cursor.execute(_OURS, [triggers.prefix(run.pk)])
    for schema, table, name in cursor.fetchall():
        cursor.execute(_drop_trigger(schema, table, name))


def remove(run: MigrationRun, *, using: str) -> None:
    """Take everything of capture away: triggers, functions, outbox rows. Again is safe.

    Raises RetryError if a table is never free for a moment; what is left is left whole.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(_OURS, [triggers.prefix(run.pk)])
        by_table: dict[tuple[str, str], list[str]] = {}
        for schema, table, name in cursor.fetchall():
            by_table.setdefault((schema, table), []).append(name)
        for (schema, table), names in by_table.items():
            take = partial(_execute, cursor, [_drop_trigger(schema, table, name) for name in names])
            with_short_locks(take, f"{schema}.{table}", using=using)
        for name in _functions(cursor, run.pk):
            function = sql.Identifier(own_schema(), name)
            cursor.execute(sql.SQL("DROP FUNCTION IF EXISTS {}()").format(function))
    forward = Outbox.objects.using(using).filter(run_id=run.pk)
    forward.filter(direction=Outbox.Direction.FORWARD).delete()


@dataclass(frozen=True, slots=True)
class _Found:
    """What of a source is there: what to capture, and each table with its partitions."""

    captured: list[triggers.Captured]
    places: dict[str, list[tuple[str, str]]]


def _look(cursor: Any, run: MigrationRun, source: Source) -> _Found:
    cursor.execute(_TABLES, [run.legacy_schema, source.tables()])
    present: dict[str, frozenset[str]] = {}
    places: dict[str, list[tuple[str, str]]] = {}
    for table, kind, may, columns, partitions in cursor.fetchall():
        if kind not in ("r", "p") or not may:
            raise _no_triggers(run.legacy_schema, table, kind)
        present[table] = frozenset(columns)
        places[table] = [(run.legacy_schema, table), *_named(cursor, partitions)]
    return _Found(list(triggers.captured(source, present, run.legacy_schema)), places)


def _named(cursor: Any, oids: list[int]) -> list[tuple[str, str]]:
    if not oids:
        return []
    cursor.execute(
        "SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class AS c"
        " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE c.oid = ANY (%s) ORDER BY 1, 2",
        [oids],
    )
    return [(str(schema), str(table)) for schema, table in cursor.fetchall()]


def _functions(cursor: Any, run_id: UUID) -> list[str]:
    cursor.execute(_OUR_FUNCTIONS, [own_schema(), triggers.prefix(run_id)])
    return [str(name) for (name,) in cursor.fetchall()]


def _make_functions(cursor: Any, run: MigrationRun, found: _Found) -> None:
    _execute(cursor, triggers.make_functions(run.pk, found.captured))
    # Nobody may put them on a table of his own: they write with their owner's rights.
    for name in _functions(cursor, run.pk):
        function = sql.Identifier(own_schema(), name)
        cursor.execute(sql.SQL("REVOKE EXECUTE ON FUNCTION {}() FROM PUBLIC").format(function))


def _execute(cursor: Any, statements: Iterable[sql.Composed]) -> None:
    for statement in statements:
        cursor.execute(statement)


def _drop_trigger(schema: str, table: str, name: str) -> sql.Composed:
    return sql.SQL("DROP TRIGGER IF EXISTS {} ON {}").format(
        sql.Identifier(name), sql.Identifier(schema, table)
    )


def _no_triggers(schema: str, table: str, kind: str) -> RefusedError:
    if kind in ("r", "p"):
        return RefusedError(
            f"This user may put no trigger on {schema}.{table}. As its owner: GRANT TRIGGER ON "
            f"{schema}.{table} TO ….",
            f"این کاربر نمی‌تواند روی {schema}.{table} تریگر بگذارد. صاحب آن اجرا کند: GRANT TRIGGER"
            f" ON {schema}.{table} TO ….",
        )
    return RefusedError(
        f"{schema}.{table} is a view or a foreign table: what is written behind it cannot be "
        "captured. Name the table itself in the source, or take over while the system stands "
        "still (run without --live).",
        f"{schema}.{table} نما یا جدول بیرونی است و آنچه پشت آن نوشته می‌شود گرفتنی نیست. خود جدول"
        " را در مبدأ بنویسید، یا هنگام ایستادن سامانه جابه‌جا کنید (run بدون --live).",
    )
