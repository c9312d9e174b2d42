"""Indexes that the projection needs and the legacy side lacks: seats and bookings by performance.

Without one every batch would read the whole table. Where the performance's key is made of a
column, the index is on what is made, as the projection asks for it. Made CONCURRENTLY, so nobody
waits for them, and taken away with capture.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from django.db import OperationalError, connections
from psycopg import sql

from fullhouse.migration.batches import require_autocommit
from fullhouse.migration.live.short_locks import with_short_locks
from fullhouse.migration.live.triggers import prefix
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.source import Source
from fullhouse.migration.source.links import own

#: An index build waits for transactions that began before it; longer than this it gives up.
_PATIENCE_SECONDS: Final = 30
#: Small enough to be read whole each time.
_SMALL_PAGES: Final = 128
_LACKING: Final = (
    "SELECT pg_has_role(c.relowner, 'USAGE') FROM pg_catalog.pg_class AS c"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attname = %s"
    " WHERE n.nspname = %s AND c.relname = %s AND c.relkind = 'r'"
    " AND pg_catalog.pg_relation_size(c.oid) / 8192 > %s"
    " AND (%s OR NOT EXISTS (SELECT FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid"
    "  AND i.indkey[0] = a.attnum AND i.indisvalid AND i.indpred IS NULL))"
)
_OURS: Final = (
    "SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class AS c"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE c.relkind = 'i' AND starts_with(c.relname, %s) AND n.nspname = %s ORDER BY 1, 2"
)


def make(run: MigrationRun, source: Source, *, using: str) -> tuple[list[str], list[str]]:
    """Make what is lacking; return the indexes made, and the tables that belong to somebody else.

    Raises UsageError inside a transaction. A build that others hinder for long is given up, its
    remains are dropped, and the takeover is slower but as right.
    """
    require_autocommit(using)
    made: list[str] = []
    foreign: list[str] = []
    with connections[using].cursor() as cursor:
        for name in ("seat", "booking"):
            view = source.views.get(name)
            if view is None:
                continue
            column = view.values["performance_id"].column
            is_made = not view.values["performance_id"].is_plain
            key = own(view, "performance_id", run.legacy_schema, alias="")
            cursor.execute(_LACKING, [column, run.legacy_schema, view.table, _SMALL_PAGES, is_made])
            row = cursor.fetchone()
            if row is None:
                continue
            if not row[0]:
                foreign.append(view.table)
                continue
            index = f"{prefix(run.pk)}{name}"
            if _build(cursor, run.legacy_schema, view.table, key, index):
                made.append(index)
    return made, foreign


def remove(run: MigrationRun, *, using: str) -> None:
    """Take away the indexes of this run. Raises RetryError if a table is never free."""
    with connections[using].cursor() as cursor:
        cursor.execute(_OURS, [prefix(run.pk), run.legacy_schema])
        for schema, index in cursor.fetchall():
            drop = sql.SQL("DROP INDEX IF EXISTS {}").format(sql.Identifier(schema, index))
            with_short_locks(partial(cursor.execute, drop), f"{schema}.{index}", using=using)


def _build(cursor: Any, schema: str, table: str, key: sql.Composable, index: str) -> bool:
    _drop(cursor, schema, index)
    cursor.execute(f"SET lock_timeout = '{_PATIENCE_SECONDS}s'")
    try:
        cursor.execute(
            sql.SQL("CREATE INDEX CONCURRENTLY {} ON {} (({}))").format(
                sql.Identifier(index), sql.Identifier(schema, table), key
            )
        )
    except OperationalError:
        _drop(cursor, schema, index)
        return False
    finally:
        cursor.execute("RESET lock_timeout")
    return True


def _drop(cursor: Any, schema: str, index: str) -> None:
    cursor.execute(
        sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(sql.Identifier(schema, index))
    )
