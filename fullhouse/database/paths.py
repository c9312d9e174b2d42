"""Where the embedded server keeps its things: names only, nothing here is created or changed.

<home>/                 FULLHOUSE_DATA, or a directory of the user's
  backups/              what `database reset` dumps before it deletes
  postgresql/           0700, owned by the account that the server runs as
    cluster/            the data directory in PostgreSQL's sense
    run/                the socket
    log/                the server's own log, one file a weekday
    start.log           what the server says before its log opens
    start.lock          held while the server is made, started or stopped
"""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

SOCKET_PORT = 5432
# sun_path holds 108 bytes on Linux and 104 elsewhere, the closing NUL included.
SOCKET_PATH_BYTES = 107 if sys.platform == "linux" else 103
SHORT_ROOT = Path("/tmp")  # noqa: S108 - not a temporary file: see Layout.sockets


def uses_sockets() -> bool:
    """Tell whether clients reach the server by a Unix socket (Windows: by loopback)."""
    return os.name != "nt"


def default_home() -> Path:
    """Return the home of this user's data when FULLHOUSE_DATA is not set."""
    if os.name == "nt":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "fullhouse"
    if os.geteuid() == 0:
        if sys.platform == "darwin":
            return Path("/Library/Application Support/fullhouse")
        return Path("/var/lib/fullhouse")
    xdg = os.environ.get("XDG_DATA_HOME", "")
    # The XDG specification says that a relative path is to be ignored.
    base = Path(xdg) if xdg.startswith("/") else Path.home() / ".local" / "share"
    return base / "fullhouse"


def data_home() -> Path:
    """Return the directory that holds everything: FULLHOUSE_DATA, else the default."""
    chosen = os.environ.get("FULLHOUSE_DATA")
    return Path(chosen).expanduser() if chosen else default_home()


@dataclass(frozen=True)
class Layout:
    """The places of one embedded server; `home` is absolute with symbolic links resolved."""

    home: Path

    @classmethod
    def of(cls, data_dir: Path | None = None) -> Layout:
        """Return the layout under `data_dir`, or under the configured home."""
        return cls((data_dir or data_home()).absolute().resolve())

    @property
    def private(self) -> Path:
        return self.home / "postgresql"

    @property
    def cluster(self) -> Path:
        return self.private / "cluster"

    @property
    def log(self) -> Path:
        return self.private / "log"

    @property
    def start_log(self) -> Path:
        return self.private / "start.log"

    @property
    def lock(self) -> Path:
        return self.private / "start.lock"

    @property
    def passfile(self) -> Path:
        return self.private / "pgpass"

    @property
    def backups(self) -> Path:
        return self.home / "backups"

    @property
    def key(self) -> str:
        """Return a short name for this home that no other home has."""
        return hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]

    @property
    def sockets(self) -> Path:
        """Return the socket's directory: beside the data, or a short one where that is too long
        or holds a comma, which separates hosts for a client.

        The short name depends on the home alone. XDG_RUNTIME_DIR and TMPDIR differ between the
        sessions of one user and vanish with them, so a second caller would look elsewhere.
        """
        beside = self.private / "run"
        longest = beside / f".s.PGSQL.{SOCKET_PORT}"
        if len(os.fsencode(longest)) <= SOCKET_PATH_BYTES and "," not in str(beside):
            return beside
        return SHORT_ROOT / f"fullhouse-{self.key}"

    @property
    def sockets_are_elsewhere(self) -> bool:
        return self.sockets.parent != self.private

    @property
    def host(self) -> str:
        return str(self.sockets) if uses_sockets() else "127.0.0.1"

    @property
    def port(self) -> int:
        """Return 5432 on a socket; on loopback FULLHOUSE_DATABASE_PORT, else one of this home's."""
        if uses_sockets():
            return SOCKET_PORT
        chosen = os.environ.get("FULLHOUSE_DATABASE_PORT")
        return int(chosen) if chosen else 20000 + int(self.key, 16) % 10000
