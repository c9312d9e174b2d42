"""The folder of a backup and its manifest, the file that makes it one.

Folders are 0700 and files 0600: legacy data hold names and bookings of people.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from fullhouse.database.account import account_for
from fullhouse.database.errors import ServerError
from fullhouse.database.folders import make_private
from fullhouse.database.paths import Layout
from fullhouse.migration.backup.checksums import Checksums
from fullhouse.migration.exit_codes import RefusedError

MANIFEST: Final = "manifest.json"
FORMAT: Final = "fullhouse-backup-1"


@dataclass(frozen=True, slots=True)
class Draft:
    """A backup on its way: what is copied, where to, and the passing place that proves it."""

    schema: str
    tables: list[str]
    folder: Path
    scratch: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `form` is dump (pg_dump's directory) or copy (CSV files)."""

    schema: str
    run: str
    made_at: str
    form: str
    server: str
    program: str
    checksums: Checksums
    columns: dict[str, list[list[str]]]
    files: dict[str, dict[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """Return JSON values, with the sentence that tells how to restore it."""
        return {
            "format": FORMAT,
            "schema": self.schema,
            "run": self.run,
            "made_at": self.made_at,
            "form": self.form,
            "server": self.server,
            "program": self.program,
            "restore": _HOW[self.form],
            **self.checksums.to_json(),
            "columns": self.columns,
            "files": self.files,
        }


_HOW: Final = {
    "dump": "pg_restore --dbname URL --no-owner dump",
    "copy": "create each table with `columns`, then: COPY table FROM 'tables/<table>.csv' "
    "WITH (FORMAT csv)",
}


def make_folder(root: Path | None, schema: str) -> Path:
    """Make a new empty folder for a backup: under `root`, else among Fullhouse's own backups.

    Raises RefusedError if it cannot be made.
    """
    name = f"{schema}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    try:
        if root is None:
            layout = Layout.of()
            if os.environ.get("DATABASE_URL"):
                layout.backups.mkdir(mode=0o700, parents=True, exist_ok=True)
            else:
                make_private(layout.backups, account_for(layout))
            root = layout.backups
        else:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = root.absolute() / name
        folder.mkdir(mode=0o700)
    except (OSError, ServerError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise RefusedError(
            f"The backup folder {root} cannot be used: {said}. Give another with --backup-dir.",
            f"پوشهٔ پشتیبان {root} به کار نمی‌آید: {said}. با --backup-dir پوشهٔ دیگری بدهید.",
        ) from error
    return folder


def file_sums(folder: Path) -> dict[str, dict[str, Any]]:
    """Return size in bytes and SHA-256 of every file below `folder`, by relative name."""
    sums = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        path.chmod(0o600)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        name = path.relative_to(folder).as_posix()
        sums[name] = {"bytes": path.stat().st_size, "sha256": digest}
    return sums


def write_manifest(folder: Path, manifest: Manifest) -> Path:
    """Write the manifest durably: complete under its name, or not there at all."""
    draft = folder / f".{MANIFEST}.new"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(manifest.to_json(), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    path = folder / MANIFEST
    draft.replace(path)
    _sync_folder(folder)
    return path


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup.

    Raises RefusedError if there is none (a backup that was cut short), or one that is not ours.
    """
    path = folder / MANIFEST
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["format"] != FORMAT:
            raise ValueError(said["format"])
        return Manifest(
            schema=said["schema"],
            run=said["run"],
            made_at=said["made_at"],
            form=said["form"],
            server=said["server"],
            program=said["program"],
            checksums=Checksums.from_json(said),
            columns=said["columns"],
            files=said["files"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RefusedError(
            f"{folder} is not a complete backup ({type(error).__name__}: {error}). A backup that "
            "was cut short has no manifest.json.",
            f"{folder} پشتیبان کاملی نیست. پشتیبانی که نیمه‌کاره مانده manifest.json ندارد.",
        ) from error


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
