"""Writes back by the statements of a source's `[reverse]`.

They read the temporary views `back_*` (sql/live/reverse/05_back_views.sql), in which every row has
its legacy key; a row that Fullhouse added gets one here, before they run.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import Error, connections, transaction
from psycopg import sql

from fullhouse.migration.exit_codes import RefusedError
from fullhouse.migration.live.legacy_columns import INTEGERS, TEXTS
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.session import Session
from fullhouse.migration.source import Source
from fullhouse.migration.source.layout import View

_KEY: Final = (
    "SELECT t.typname::text, format_type(a.atttypid, a.atttypmod),"
    " CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 END,"
    " coalesce(pg_get_expr(d.adbin, d.adrelid),"
    "  CASE WHEN a.attidentity <> '' THEN format('nextval(%%L::regclass)',"
    "   pg_get_serial_sequence(format('%%I.%%I', n.nspname, c.relname), a.attname)) END)"
    " FROM pg_catalog.pg_attribute AS a"
    " JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid"
    " LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum"
    " WHERE n.nspname = %s AND c.relname = %s AND a.attname = %s"
)
#: Rows that Fullhouse adds: view -> the working table, and which of its rows.
_ADDED: Final = {"booking": ("b_booking", "is_new"), "seat": ("b_added", "true")}
_UUID_LENGTH: Final = 36


def statements(source: Source, schema: str) -> list[sql.Composed]:
    """Return the source's statements over the tables of `schema`."""
    name = sql.Identifier(schema).as_string()
    told = source.reverse.statements if source.reverse is not None else ()
    # A source's own SQL, run with the rights of whoever takes over (docs/reference/source.md).
    return [sql.Composed([sql.SQL(text.replace("{schema}", name))]) for text in told]


def give_keys(session: Session, source: Source) -> None:
    """Give every row that is added in this batch its legacy key.

    Locks: the run's advisory lock until the end of the transaction, so that keys are told once.
    """
    session.cursor.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('fullhouse keys ' || %s, 0))",
        [str(session.run.pk)],
    )
    for name, (rows, which) in _ADDED.items():
        view = source.views.get(name)
        if view is None:
            continue
        key = _next_key(session.cursor, view, session.run.legacy_schema)
        session.execute(
            "live/reverse/45_legacy_keys.sql", kind=name, rows=rows, which=which, key=key
        )


def check(run: MigrationRun, source: Source, *, using: str) -> None:
    """Raise RefusedError unless every statement can be planned over the tables as they are.

    Nothing is executed. The session's views stand already.
    """
    with connections[using].cursor() as cursor:
        for number, statement in enumerate(statements(source, run.legacy_schema), 1):
            reason = cannot_run(cursor, statement, using)
            if reason is not None:
                raise RefusedError(
                    f"[reverse] statement {number} of source {source.name!r} cannot run: {reason}. "
                    "Nothing was changed. Correct it: fullhouse capacity_migration source check "
                    f"FILE --schema {run.legacy_schema}",
                    f"دستور {number} در [reverse] مبدأ {source.name!r} اجرا نمی‌شود: {reason}. چیزی"
                    " عوض نشد. با source check درستش کنید.",
                    statement=number,
                )


def cannot_run(cursor: Any, statement: sql.Composed, using: str) -> str | None:
    """Plan a statement; return why it cannot be, or None. Locks: ROW EXCLUSIVE, for a moment."""
    try:
        with transaction.atomic(using=using):
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute(sql.SQL("EXPLAIN {}").format(statement))
    except Error as error:
        return str(error).strip().splitlines()[0].rstrip(".")
    return None


def _next_key(cursor: Any, view: View, schema: str) -> str:
    """Return the SQL of the key of an added row, as text; `b.n` numbers the rows from one."""
    column = view.values["id"].column
    cursor.execute(_KEY, [schema, view.table, column])
    base, sql_type, length, default = cursor.fetchone()
    if default is not None:
        return f"({default})::text"
    if base == "uuid" or (base in TEXTS and (length is None or length >= _UUID_LENGTH)):
        return "b.id::text"
    if base in (*INTEGERS, "numeric"):
        largest = sql.SQL("(SELECT coalesce(max({}), 0) FROM {})").format(
            sql.Identifier(column), sql.Identifier(schema, view.table)
        )
        return f"({largest.as_string()} + b.n)::text"
    raise RefusedError(
        f"{schema}.{view.table}.{column} ({sql_type}) is the key of rows that Fullhouse adds, and "
        "nothing says what the next one is. Give the column a default in the database.",
        f"{schema}.{view.table}.{column} ({sql_type}) کلید ردیف‌هایی است که فول‌هاوس می‌افزاید و پیدا"
        " نیست کلید بعدی چیست. برای ستون پیش‌فرض بگذارید.",
        column=column,
    )
