"""A backup by COPY, where no fitting pg_dump is or no database may be made; and its proof.

Rows only, as CSV: definitions are kept as column lists in the manifest.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import sql

from fullhouse.migration.backup.checksums import Checksums, compute, quoted, settle
from fullhouse.migration.backup.manifest import Draft
from fullhouse.migration.exit_codes import RefusedError
from fullhouse.migration.progress import Progress

Connection = psycopg.Connection[Any]

_BLOCK_BYTES: Final = 1 << 16


def write(connection: Connection, draft: Draft) -> None:
    """Copy each table into `tables/<name>.csv`, in the snapshot of the open transaction."""
    settle(connection)
    (draft.folder / "tables").mkdir(mode=0o700)
    for name in draft.tables:
        # A query and not the table itself, because COPY of a table leaves out generated columns.
        query = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT WITH (FORMAT csv)").format(
            sql.Identifier(draft.schema, name)
        )
        descriptor = os.open(
            draft.folder / "tables" / file_name(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600
        )
        with (
            os.fdopen(descriptor, "wb") as file,
            connection.cursor() as cursor,
            cursor.copy(query) as copy,
        ):
            for block in copy:
                file.write(block)
            file.flush()
            os.fsync(file.fileno())


def file_name(table: str) -> str:
    """Return the file of a table; a name may hold what a file name may not."""
    plain = "".join(one if one.isalnum() or one in "_-" else f"%{ord(one):x}" for one in table)
    return f"{plain}.csv"


def columns(connection: Connection, schema: str) -> dict[str, list[list[str]]]:
    """Return name and type of each column of each table, in order."""
    rows = connection.execute(
        "SELECT relname, attname, format_type(atttypid, atttypmod)"
        " FROM pg_catalog.pg_class JOIN pg_catalog.pg_attribute ON attrelid = pg_class.oid"
        " WHERE relnamespace = %s::regnamespace AND relkind = 'r' AND attnum > 0"
        " AND NOT attisdropped ORDER BY relname, attnum",
        [quoted(schema)],
    ).fetchall()
    found: dict[str, list[list[str]]] = {}
    for table, column, kind in rows:
        found.setdefault(str(table), []).append([str(column), str(kind)])
    return found


def restored_sums(connection: Connection, draft: Draft, progress: Progress) -> Checksums:
    """Read the files into the passing schema `scratch` and return the sums found there."""
    with _passing_schema(connection, draft.scratch) as there, there.transaction():
        settle(there)
        for name in draft.tables:
            _read(there, draft, name)
        return compute(there, draft.scratch, tables=draft.tables, progress=progress)


def _read(there: Connection, draft: Draft, name: str) -> None:
    copy = sql.Identifier(draft.scratch, name)
    there.execute(
        sql.SQL("CREATE UNLOGGED TABLE {} (LIKE {})").format(
            copy, sql.Identifier(draft.schema, name)
        )
    )
    query = sql.SQL("COPY {} FROM STDIN WITH (FORMAT csv)").format(copy)
    with (
        (draft.folder / "tables" / file_name(name)).open("rb") as file,
        there.cursor() as cursor,
        cursor.copy(query) as into,
    ):
        while block := file.read(_BLOCK_BYTES):
            into.write(block)


@contextmanager
def _passing_schema(connection: Connection, name: str) -> Iterator[Connection]:
    there = psycopg.connect(
        connection.info.dsn, password=connection.info.password or None, autocommit=True
    )
    with there:
        drop = sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name))
        there.execute(drop)
        try:
            there.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise RefusedError(
                "The backup must be restored once to be proved, and this user may create neither "
                "a database nor a schema. Grant one: ALTER ROLE … CREATEDB, or GRANT CREATE ON "
                "DATABASE ….",
                "پشتیبان باید یک بار بازگردانده شود تا درستی‌اش ثابت شود و این کاربر نه پایگاه"
                " می‌تواند بسازد نه شِما. یکی را بدهید: ALTER ROLE … CREATEDB یا GRANT CREATE ON"
                " DATABASE ….",
            ) from error
        try:
            yield there
        finally:
            there.execute(drop)
