"""A backup by pg_dump, and its proof: restored into a passing database and summed up anew."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import psycopg
from psycopg import sql

from fullhouse.database.binaries import Binaries
from fullhouse.migration.backup import programs
from fullhouse.migration.backup.checksums import Checksums, compute, quoted
from fullhouse.migration.backup.manifest import Draft
from fullhouse.migration.exit_codes import RetryError
from fullhouse.migration.progress import Progress

Connection = psycopg.Connection[Any]

_JOBS: Final = 2
#: The rows are the proof; indexes and foreign keys would only make it slow.
_SECTIONS: Final = ("--section", "pre-data", "--section", "data")


def able(connection: Connection) -> bool:
    """Tell whether this user may make the passing database."""
    row = connection.execute(
        "SELECT rolcreatedb OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"
    ).fetchone()
    return bool(row and row[0])


def begin(
    connection: Connection, binaries: Binaries, draft: Draft, snapshot: str
) -> subprocess.Popen[bytes]:
    """Start pg_dump of the schema as of `snapshot`; the transaction that exported it stays open."""
    return programs.start(
        connection,
        [
            binaries.program("pg_dump"),
            "--dbname", programs.address(connection),
            "--format", "directory",
            "--jobs", str(_JOBS),
            "--compress", "1",
            "--no-password",
            "--snapshot", snapshot,
            "--schema", quoted(draft.schema),
            "--file", draft.folder / "dump",
        ],
    )  # fmt: skip


def end(process: subprocess.Popen[bytes], schema: str) -> None:
    """Wait for pg_dump. Raises RetryError with its last words if it failed."""
    code, said = programs.finish(process)
    if code != 0:
        raise RetryError(
            f"pg_dump could not copy schema {schema!r} (exit {code}); no backup was made.\n{said}",
            f"pg_dump نتوانست از شِمای {schema!r} پشتیبان بگیرد؛ پشتیبانی ساخته نشد.\n{said}",
        )


def restored_sums(
    connection: Connection, binaries: Binaries, draft: Draft, progress: Progress
) -> Checksums:
    """Restore the dump into the passing database and return the sums found there.

    pg_restore's exit code is no proof either way (a newer one sets what an older server does not
    know); a table that is not there afterwards raises RetryError with its last words.
    """
    with _passing_database(connection, draft.scratch) as address:
        restore = programs.start(
            connection,
            [
                binaries.program("pg_restore"),
                "--dbname", address,
                "--no-password", "--no-owner", "--no-privileges",
                "--jobs", str(_JOBS),
                *_SECTIONS,
                draft.folder / "dump",
            ],
        )  # fmt: skip
        said = programs.finish(restore)[1]
        with psycopg.connect(address, password=connection.info.password or None) as there:
            try:
                return compute(there, draft.schema, tables=draft.tables, progress=progress)
            except psycopg.errors.UndefinedTable as error:
                raise RetryError(
                    f"The dump of {draft.schema!r} could not be restored to be checked, so it is "
                    f"no backup: {error.diag.message_primary}. pg_restore said:\n{said}\n"
                    "If it needs extensions that this user may not create: --backup-form copy.",
                    f"پشتیبان {draft.schema!r} برای وارسی بازگردانده نشد، پس پشتیبان نیست."
                    " اگر افزونه‌ای لازم است که این کاربر نمی‌تواند بسازد، --backup-form copy"
                    f" بدهید.\n{said}",
                ) from error


@contextmanager
def _passing_database(connection: Connection, name: str) -> Iterator[str]:
    password = connection.info.password or None
    address = programs.address(connection, database=name)
    with psycopg.connect(
        programs.address(connection), password=password, autocommit=True
    ) as administration:
        # The name belongs to the run: what lies there was left by a runner of it that died.
        _drop(administration, name)
        encoding = connection.info.parameter_status("server_encoding") or "UTF8"
        administration.execute(
            sql.SQL(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE 'C' LC_CTYPE 'C'"
            ).format(sql.Identifier(name), sql.Literal(encoding))
        )
        try:
            administration.execute(
                sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(
                    sql.Identifier(name)
                )
            )
            _create_extensions(connection, address)
            yield address
        finally:
            _drop(administration, name)


def _drop(administration: Connection, name: str) -> None:
    administration.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


def _create_extensions(connection: Connection, address: str) -> None:
    """Make the extensions that types of the schema may come from, as far as this user may."""
    found = connection.execute(
        "SELECT extname, nspname FROM pg_catalog.pg_extension"
        " JOIN pg_catalog.pg_namespace AS n ON n.oid = extnamespace WHERE extname <> 'plpgsql'"
    ).fetchall()
    password = connection.info.password or None
    with psycopg.connect(address, password=password, autocommit=True) as there:
        for extension, schema in found:
            with suppress(psycopg.Error):
                there.execute(
                    sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema))
                )
                there.execute(
                    sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA {}").format(
                        sql.Identifier(extension), sql.Identifier(schema)
                    )
                )
