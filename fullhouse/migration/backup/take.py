"""Take a backup and prove it, in the order: snapshot, dump and sums, restore, compare, manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

from fullhouse.database.binaries import Binaries
from fullhouse.migration.backup import copies, dump, programs
from fullhouse.migration.backup.checksums import Checksums, compute, differences
from fullhouse.migration.backup.manifest import (
    Draft,
    Manifest,
    file_sums,
    make_folder,
    write_manifest,
)
from fullhouse.migration.exit_codes import MismatchError, RefusedError
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.progress import Progress, ignore

Connection = psycopg.Connection[Any]
Form = Literal["auto", "dump", "copy"]

FORMS: Final[tuple[Form, ...]] = ("auto", "dump", "copy")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was proved: where it is and what it holds."""

    folder: Path
    manifest: Manifest

    @property
    def bytes(self) -> int:
        return sum(int(file["bytes"]) for file in self.manifest.files.values())


def take_backup(
    run: MigrationRun,
    *,
    root: Path | None = None,
    form: Form = "auto",
    using: str = DEFAULT_DB_ALIAS,
    progress: Progress = ignore,
) -> Backup:
    """Copy the run's legacy schema into a new folder below `root` and prove the copy.

    Raises MismatchError if what is restored is not equal, RetryError if a program fails,
    RefusedError if the folder or the database does not allow it. Reads one snapshot with ACCESS
    SHARE locks; nothing of the legacy schema is written.
    """
    folder = make_folder(root, run.legacy_schema)
    with snapshot(using) as (connection, exported):
        binaries = _binaries(connection, form)
        columns = copies.columns(connection, run.legacy_schema)
        draft = Draft(
            schema=run.legacy_schema,
            tables=sorted(columns),
            folder=folder,
            scratch=f"fullhouse_check_{run.pk.hex}",
        )
        sums = _write(connection, binaries, draft, exported, progress)
        server = connection.info.parameter_status("server_version") or ""
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
    with snapshot(using) as (connection, _):
        if binaries:
            restored = dump.restored_sums(connection, binaries, draft, progress)
        else:
            restored = copies.restored_sums(connection, draft, progress)
    _prove(sums, restored, folder)
    manifest = Manifest(
        schema=draft.schema,
        run=str(run.pk),
        made_at=made_at,
        form="dump" if binaries else "copy",
        server=server,
        program=f"pg_dump {binaries.version}" if binaries else "COPY",
        checksums=sums,
        columns=columns,
        files=file_sums(folder),
    )
    write_manifest(folder, manifest)
    return Backup(folder, manifest)


def _write(
    connection: Connection,
    binaries: Binaries | None,
    draft: Draft,
    exported: str,
    progress: Progress,
) -> Checksums:
    """Write the files and return the source's sums, both of the one snapshot."""
    if binaries is None:
        sums = compute(connection, draft.schema, tables=draft.tables, progress=progress)
        copies.write(connection, draft)
        return sums
    process = dump.begin(connection, binaries, draft, exported)
    try:
        sums = compute(connection, draft.schema, tables=draft.tables, progress=progress)
    except BaseException:
        programs.stop(process)
        raise
    dump.end(process, draft.schema)
    return sums


def current_checksums(
    schema: str,
    *,
    tables: Iterable[str] | None = None,
    using: str = DEFAULT_DB_ALIAS,
    progress: Progress = ignore,
) -> Checksums:
    """Return the sums of the schema as it is now, in one snapshot."""
    with snapshot(using) as (connection, _):
        return compute(connection, schema, tables=tables, progress=progress)


@contextmanager
def snapshot(using: str) -> Iterator[tuple[Connection, str]]:
    """Open a connection of its own in a read-only snapshot; yield it with the snapshot's name."""
    wrapper = connections[using]
    wrapper.ensure_connection()
    info = cast(Connection, wrapper.connection).info
    with psycopg.connect(info.dsn, password=info.password or None) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield connection, str(row[0]) if row else ""


def _binaries(connection: Connection, form: Form) -> Binaries | None:
    """Return the programs to dump with, or None for COPY."""
    if form == "copy":
        return None
    major = connection.info.server_version // 10000
    found = programs.fitting(major)
    if found and dump.able(connection):
        return found
    if form == "auto":
        return None
    lacking = (
        "this user may not create the database that proves it (ALTER ROLE … CREATEDB)"
        if found
        else f"no pg_dump of PostgreSQL {major} or newer is here (set PG_BIN)"
    )
    raise RefusedError(
        f"--backup-form dump is not possible: {lacking}. Say --backup-form copy.",
        "پشتیبان با pg_dump شدنی نیست: یا pg_dump هم‌نسخه با کارساز نیست یا کاربر اجازهٔ ساختن"
        " پایگاه ندارد. --backup-form copy بدهید.",
    )


def _prove(sums: Checksums, restored: Checksums, folder: Path) -> None:
    unlike = differences(sums, restored, tables=sums.tables)
    if unlike:
        names = ", ".join(str(one) for one in unlike)
        raise MismatchError(
            f"The backup in {folder} restores to something else than the source: {names}. It is "
            "not a backup (no manifest was written), and the takeover did not begin.",
            f"پشتیبان {folder} پس از بازگردانی با اصل یکی نیست: {names}. پشتیبان شمرده نمی‌شود و"
            " جابه‌جایی آغاز نشد.",
            tables=[one.table for one in unlike],
        )
