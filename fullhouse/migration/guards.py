"""What must hold before a takeover begins; each refusal names the thing and the way out.

Reads the catalogue only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from fullhouse.migration.exit_codes import RefusedError, UsageError
from fullhouse.migration.models import MigrationRun

_NAME: Final = re.compile(r"[^\x00-\x1f\x7f]{1,63}")
_SYSTEM: Final = frozenset({"information_schema", "pg_catalog", "pg_toast"})


def check_all(schema: str, required: Iterable[str], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Raise UsageError or RefusedError unless a takeover of `schema` may begin.

    `required` are the tables that the source reads.
    """
    check_name(schema)
    check_writable(using)
    check_installed(using)
    check_schema(schema, using)
    check_tables(schema, required, using)


def check_name(schema: str) -> None:
    """The schema is a name, and neither PostgreSQL's nor Fullhouse's own."""
    if not _NAME.fullmatch(schema) or len(schema.encode()) > 63:
        raise UsageError(
            f"{schema!r} is not the name of a schema (1 to 63 bytes, nothing invisible).",
            f"{schema!r} نام شِما نیست (۱ تا ۶۳ بایت، بی نویسهٔ نامرئی).",
        )
    if schema == settings.FULLHOUSE_SCHEMA:
        raise RefusedError(
            f"Schema {schema!r} is Fullhouse's own: it is where a takeover leads, not what is "
            "taken over. Name the schema of the legacy tables with --schema.",
            f"شِمای {schema!r} از آنِ خود فول‌هاوس است؛ مقصد جابه‌جایی است نه مبدأ آن."
            " شِمای جدول‌های قدیمی را با --schema بدهید.",
        )
    if schema in _SYSTEM or schema.startswith("pg_"):
        raise RefusedError(
            f"Schema {schema!r} belongs to PostgreSQL. Name the schema of the legacy tables.",
            f"شِمای {schema!r} از آنِ PostgreSQL است. شِمای جدول‌های قدیمی را بدهید.",
        )


def check_writable(using: str) -> None:
    """The database takes writes: neither a standby nor set read-only."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean"
        )
        row = cursor.fetchone()
    if row and row[0]:
        raise RefusedError(
            "The database is read-only (a standby, or default_transaction_read_only). A takeover "
            "writes: connect to the primary.",
            "پایگاه داده فقط‌خواندنی است. جابه‌جایی می‌نویسد: به کارساز اصلی وصل شوید.",
        )


def check_installed(using: str) -> None:
    """Fullhouse's own tables are there."""
    table = MigrationRun._meta.db_table
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass(quote_ident(%s)) IS NOT NULL", [table])
        row = cursor.fetchone()
    if not row or not row[0]:
        raise RefusedError(
            "Fullhouse's tables are not in this database yet. Run `fullhouse migrate` first.",
            "جدول‌های فول‌هاوس هنوز در این پایگاه نیست. نخست `fullhouse migrate` را اجرا کنید.",
        )


def check_schema(schema: str, using: str) -> None:
    """The schema is there and may be read."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = %s",
            [schema],
        )
        row = cursor.fetchone()
        cursor.execute(
            "SELECT DISTINCT nspname FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace"
            " WHERE relkind = 'r' AND nspname !~ '^(pg_|information_schema)' AND nspname <> %s"
            " ORDER BY nspname LIMIT 10",
            [settings.FULLHOUSE_SCHEMA],
        )
        others = ", ".join(name for (name,) in cursor.fetchall()) or "-"
    if row is None:
        raise UsageError(
            f"There is no schema {schema!r} in this database. Schemas with tables: {others}. A "
            "dumpdata file becomes one by `fullhouse legacy load FILE --schema NAME`.",
            f"شِمای {schema!r} در این پایگاه نیست. شِماهای دارای جدول: {others}. پروندهٔ dumpdata"
            " با `fullhouse legacy load FILE --schema NAME` شِما می‌شود.",
        )
    if not row[0]:
        raise _unreadable(schema, schema)


def check_tables(schema: str, required: Iterable[str], using: str) -> None:
    """Every table that the source reads is there and may be read."""
    wanted = sorted(required)
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT relname, has_table_privilege(pg_class.oid, 'SELECT') FROM pg_class"
            " JOIN pg_namespace AS n ON n.oid = relnamespace"
            " WHERE nspname = %s AND relkind IN ('r', 'p', 'v', 'm', 'f')",
            [schema],
        )
        found = dict(cursor.fetchall())
    missing = [name for name in wanted if name not in found]
    if missing:
        raise RefusedError(
            f"Schema {schema!r} is not of this layout; it lacks: {', '.join(missing)}. Name "
            "another with --schema, or another source with --source.",
            f"شِمای {schema!r} این چیدمان را ندارد؛ این‌ها نیست: {'، '.join(missing)}. شِمای دیگری"
            " با --schema یا مبدأ دیگری با --source بدهید.",
            missing=missing,
        )
    closed = [name for name in wanted if not found[name]]
    if closed:
        raise _unreadable(schema, ", ".join(closed))


def _unreadable(schema: str, what: str) -> RefusedError:
    return RefusedError(
        f"This user may not read {what}. As its owner: GRANT USAGE ON SCHEMA {schema} TO …; GRANT "
        f"SELECT ON ALL TABLES IN SCHEMA {schema} TO ….",
        f"این کاربر اجازهٔ خواندن {what} را ندارد. صاحب آن اجرا کند: GRANT USAGE ON SCHEMA"
        f" {schema} TO …; GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO ….",
    )
