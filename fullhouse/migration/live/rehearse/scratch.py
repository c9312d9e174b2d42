"""The scratch database of a rehearsal: a copy of the legacy schema beside a Fullhouse of its own.

Made beside the source's database and dropped at the end. The source is read once, by pg_dump.
"""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from fullhouse.migration.backup import programs
from fullhouse.migration.backup.checksums import quoted
from fullhouse.migration.exit_codes import RefusedError, RetryError

PREFIX: Final = "fullhouse_rehearsal_"
_JOBS: Final = "2"
#: A rehearsal that begins may not be connected to its database yet.
_BEGINNING_SECONDS: Final = 600

Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Scratch:
    """A database that may be broken: its Django alias, and how other processes reach it."""

    alias: str
    name: str
    conninfo: str
    password: str

    def connect(self, **options: Any) -> Connection:
        """Open a connection of one's own."""
        return psycopg.connect(self.conninfo, password=self.password or None, **options)


@contextmanager
def scratch(schema: str, *, using: str) -> Iterator[Scratch]:
    """Make a database with a copy of `schema` and an empty Fullhouse; drop it at the end.

    Raises RefusedError if this user may not make databases or no fitting pg_dump is here,
    RetryError if the copy fails. Databases that killed rehearsals left behind are dropped.
    """
    source = raw(using)
    name = f"{PREFIX}{int(time.time()):08x}_{secrets.token_hex(4)}"
    _create(source, name)
    try:
        made = _registered(source, name, using)
        try:
            _copy(source, schema, made)
            call_command("migrate", database=made.alias, verbosity=0, interactive=False)
            yield made
        finally:
            connections[made.alias].close()
            del connections[made.alias]
            del connections.databases[made.alias]
    finally:
        _drop(raw(using), name)


def raw(using: str) -> Connection:
    """Return the driver's connection behind an alias, opened if need be."""
    wrapper = connections[using]
    wrapper.ensure_connection()
    return cast(Connection, wrapper.connection)


def _create(source: Connection, name: str) -> None:
    for old in _left_behind(source):
        try:
            source.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(old)))
        except psycopg.errors.ObjectInUse:
            continue  # a rehearsal that is still at work
    try:
        # Of the same locale, so that the copy's indexes and sorting are the source's.
        source.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
        )
    except psycopg.errors.InsufficientPrivilege as error:
        raise RefusedError(
            "A rehearsal works in a database of its own, and this user may not make one: "
            "ALTER ROLE … CREATEDB, or rehearse on another server with a copy.",
            "تمرین در پایگاهی جدا انجام می‌شود و این کاربر اجازهٔ ساختن پایگاه ندارد:"
            " ALTER ROLE … CREATEDB، یا روی کارساز دیگری با رونوشت تمرین کنید.",
        ) from error


def _left_behind(source: Connection) -> list[str]:
    """Return the databases of rehearsals that were killed; the name says when each was made."""
    rows = source.execute(
        "SELECT datname::text FROM pg_catalog.pg_database WHERE datname ~ %s"
        " AND ('x' || lpad(split_part(datname, '_', 3), 16, '0'))::bit(64)::bigint < %s",
        [f"^{PREFIX}[0-9a-f]{{8}}_[0-9a-f]{{8}}$", int(time.time()) - _BEGINNING_SECONDS],
    ).fetchall()
    return [str(name) for (name,) in rows]


def _drop(source: Connection, name: str) -> None:
    source.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _registered(source: Connection, name: str, using: str) -> Scratch:
    """Give the database a Django alias, with everything else as in the source's."""
    settings = {**connections.databases[using], "NAME": name}
    connections.databases[name] = settings
    address = programs.address(source, database=name)
    return Scratch(name, name, address, source.info.password)


def _copy(source: Connection, schema: str, to: Scratch) -> None:
    binaries = programs.fitting(source.info.server_version // 10000)
    if binaries is None:
        raise RefusedError(
            "A rehearsal copies the legacy schema with pg_dump, and none that fits this server is "
            "here. Install the client programs of its version, or set PG_BIN.",
            "تمرین با pg_dump رونوشت می‌گیرد و نسخهٔ هم‌خوان با این کارساز اینجا نیست. برنامه‌های"
            " همان نسخه را نصب کنید یا PG_BIN را بدهید.",
        )
    with tempfile.TemporaryDirectory(prefix="fullhouse-rehearsal-") as folder:
        dump = Path(folder) / "dump"
        code, said = programs.finish(
            programs.start(
                source,
                [
                    binaries.program("pg_dump"),
                    "--dbname", programs.address(source),
                    "--format", "directory", "--jobs", _JOBS, "--compress", "1",
                    "--no-password", "--schema", quoted(schema), "--file", dump,
                ],
            )
        )  # fmt: skip
        if code:
            raise _failed("pg_dump", schema, said)
        _, said = programs.finish(
            programs.start(
                source,
                [
                    binaries.program("pg_restore"),
                    "--dbname", to.conninfo, "--jobs", _JOBS,
                    "--no-password", "--no-owner", "--no-privileges", dump,
                ],
            )
        )  # fmt: skip
    # Objects of other schemas that it refers to are not there; whether its tables are, counts.
    with to.connect() as there:
        row = there.execute(
            "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = %s", [schema]
        ).fetchone()
        if not row or not row[0]:
            raise _failed("pg_restore", schema, said)
        there.execute("ANALYZE")


def _failed(program: str, schema: str, said: str) -> RetryError:
    return RetryError(
        f"{program} could not copy schema {schema!r} for the rehearsal; nothing was rehearsed.\n"
        f"{said}",
        f"{program} نتوانست از شِمای {schema!r} برای تمرین رونوشت بگیرد؛ تمرینی انجام نشد.\n{said}",
    )
