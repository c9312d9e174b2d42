"""Where the legacy tables of a run are: in their own schema, or in the archive once contracted."""

from __future__ import annotations

import copy
from typing import Any, Final

from psycopg import sql

from fullhouse.migration.exit_codes import RefusedError
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.source import Source

#: A table is its schema and its name.
Table = tuple[str, str]

_TABLES: Final = (
    "SELECT n.nspname::text, c.relname::text, pg_has_role(c.relowner, 'USAGE')"
    " FROM pg_catalog.pg_class AS root"
    " JOIN pg_catalog.pg_namespace AS m ON m.oid = root.relnamespace"
    " CROSS JOIN LATERAL (SELECT root.oid AS oid"
    "  UNION SELECT p.relid::oid FROM pg_catalog.pg_partition_tree(root.oid) AS p) AS part"
    " JOIN pg_catalog.pg_class AS c ON c.oid = part.oid"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE m.nspname = %s AND root.relname = ANY (%s) AND root.relkind IN ('r', 'p')"
    " ORDER BY 1, 2"
)


def suffix(run: MigrationRun) -> str:
    """Return what tells this run's objects from another's."""
    return str(run.pk.hex[-12:])


def archive_schema(run: MigrationRun) -> str:
    """Return the schema into which `contract` puts the legacy tables."""
    return f"fullhouse_archive_{suffix(run)}"


def current_schema(run: MigrationRun) -> str:
    """Return the schema in which the legacy tables are now."""
    contracted = run.state == MigrationRun.State.CONTRACTED
    return archive_schema(run) if contracted else run.legacy_schema


def as_placed(run: MigrationRun) -> MigrationRun:
    """Return the run to read the legacy side with: its `legacy_schema` is where the tables are."""
    placed = copy.copy(run)
    placed.legacy_schema = current_schema(run)
    placed.home_schema = run.legacy_schema
    return placed


def legacy_tables(cursor: Any, source: Source, schema: str) -> list[Table]:
    """Return the source's tables with their partitions, in the order in which they are locked."""
    cursor.execute(_TABLES, [schema, source.tables()])
    return [(str(at), str(name)) for at, name, _ in cursor.fetchall()]


def check_owned(cursor: Any, source: Source, schema: str) -> None:
    """Raise RefusedError unless this user may put fences on the tables and take them off."""
    cursor.execute(_TABLES, [schema, source.tables()])
    foreign = [f"{at}.{name}" for at, name, owned in cursor.fetchall() if not owned]
    if foreign:
        names = ", ".join(foreign)
        raise RefusedError(
            f"This user does not own {names}, and only an owner may switch their triggers. "
            "GRANT the owner's role to this user, or run this as the owner.",
            f"این کاربر صاحب {names} نیست و تنها صاحب می‌تواند تریگرها را جابه‌جا کند. نقش صاحب را"
            " به این کاربر بدهید یا همین فرمان را با آن اجرا کنید.",
            tables=foreign,
        )


def lock_against_writers(cursor: Any, tables: list[Table]) -> None:
    """Wait for every writer of the tables and keep new ones out; readers go on.

    Locks: SHARE ROW EXCLUSIVE on each table, in the order given.
    """
    for schema, table in tables:
        cursor.execute(
            sql.SQL("LOCK TABLE ONLY {} IN SHARE ROW EXCLUSIVE MODE").format(
                sql.Identifier(schema, table)
            )
        )


def switch_triggers(cursor: Any, prefix: str, *, on: bool) -> None:
    """Enable or disable every trigger whose name begins so. Locks: SHARE ROW EXCLUSIVE."""
    for schema, table, name in triggers_named(cursor, prefix):
        cursor.execute(
            sql.SQL("ALTER TABLE ONLY {} {} TRIGGER {}").format(
                sql.Identifier(schema, table),
                sql.SQL("ENABLE" if on else "DISABLE"),
                sql.Identifier(name),
            )
        )


def triggers_named(cursor: Any, prefix: str) -> list[tuple[str, str, str]]:
    """Return schema, table and name of every trigger whose name begins so, in lock order."""
    cursor.execute(
        "SELECT n.nspname::text, c.relname::text, t.tgname::text FROM pg_catalog.pg_trigger AS t"
        " JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid"
        " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE starts_with(t.tgname, %s) AND NOT t.tgisinternal ORDER BY 1, 2, 3",
        [prefix],
    )
    return [(str(at), str(table), str(name)) for at, table, name in cursor.fetchall()]
