"""Start, stop and look at the embedded server.

Any process may call `ensure_started`; the server outlives its starter and is shared by all.
Nothing stops it at exit: `stop` does, or the machine.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psycopg

from .account import Account, account_for
from .binaries import find_binaries
from .cluster import (
    cluster_major,
    make_cluster,
    remove_leftovers,
    require_same_major,
    write_settings,
)
from .copies import reachable
from .errors import ExternalDatabaseError, ServerError, explain
from .folders import check_sockets, prepare
from .lock import exclusive
from .paths import Layout, uses_sockets
from .processes import answers, forget, left_over, read_pid_file, running_pid, wait_until
from .settings_file import SUPERUSER

DATABASE = "fullhouse"
START_SECONDS = 60
STOP_SECONDS = 60
ORPHAN_SECONDS = 30

State = Literal["running", "starting", "stopped", "absent"]
StopMode = Literal["smart", "fast", "immediate"]


@dataclass(frozen=True)
class ServerStatus:
    """Where the embedded server is and how it does; `port` is a TCP port only on loopback."""

    state: State
    home: Path
    cluster: Path
    host: str
    port: int
    log: Path
    account: str
    pid: int | None = None
    major: int | None = None


def ensure_started(data_dir: Path | None = None) -> ServerStatus:
    """Start the server unless it runs, make its cluster and database if they are missing.

    Takes the lock of the data directory while it works; returns at once when the server is up.
    Raises ServerError (or a subclass) when it cannot, with the reason and the way out, and
    ExternalDatabaseError when DATABASE_URL is set and no directory is given.
    """
    layout = _layout(data_dir)
    account = account_for(layout)
    if not _ready(layout):
        prepare(layout, account)
        with exclusive(layout.lock, account) as lock:
            _start(layout, account, lock)
            _ensure_database(layout)
    elif not _has_database(layout):
        with exclusive(layout.lock, account):
            _ensure_database(layout)
    return status(data_dir)


def stop(mode: StopMode = "fast", data_dir: Path | None = None) -> ServerStatus:
    """Stop the server and wait until it is down; nothing happens when it is down already.

    fast ends open transactions by rolling them back, smart waits for them, immediate leaves the
    cleaning up to the next start.
    """
    layout = _layout(data_dir)
    account = account_for(layout)
    if not layout.private.is_dir():
        return status(data_dir)
    with exclusive(layout.lock, account):
        halt(layout, account, mode)
    return status(data_dir)


def halt(layout: Layout, account: Account, mode: StopMode = "fast") -> None:
    """Stop the server of this layout; the caller holds the lock."""
    if running_pid(layout) is None:
        if _ready(layout):
            raise ServerError(
                f"A server answers in {layout.host}, but its process cannot be seen from here: it "
                "runs in another container. Stop it there."
            )
        return
    binaries = reachable(find_binaries(), account)
    done = account.run(
        [binaries.program("pg_ctl"), "stop", "-D", layout.cluster, "-m", mode,
         "-w", "-t", str(STOP_SECONDS)],
        timeout_seconds=STOP_SECONDS + 10,
    )  # fmt: skip
    if running_pid(layout) is not None:
        raise explain("The server did not stop", done.stdout + done.stderr, layout.home)


def status(data_dir: Path | None = None) -> ServerStatus:
    """Look, change nothing: running, starting, stopped, or absent (no cluster yet)."""
    layout = _layout(data_dir)
    account = account_for(layout)
    pid = running_pid(layout)
    major = cluster_major(layout)
    state: State = "absent" if major is None else "stopped"
    if _ready(layout):
        state = "running"
    elif pid is not None:
        state = "starting"
    return ServerStatus(
        state, layout.home, layout.cluster, layout.host, layout.port, layout.log,
        account.name, pid, major,
    )  # fmt: skip


def _layout(data_dir: Path | None) -> Layout:
    if data_dir is None and os.environ.get("DATABASE_URL"):
        raise ExternalDatabaseError(
            "DATABASE_URL is set, so that server is used and there is no embedded one to manage. "
            "Unset DATABASE_URL to use the embedded server."
        )
    return Layout.of(data_dir)


def _ready(layout: Layout) -> bool:
    file = read_pid_file(layout)
    if file is None or not file.ready:
        return False
    # The second half holds where processes cannot be seen: another container's pid namespace.
    return running_pid(layout) is not None or answers(layout)


def _start(layout: Layout, account: Account, lock: int) -> None:
    if _ready(layout):
        return
    if running_pid(layout) is not None and _wait_for_starting(layout):
        return
    _clear_remains(layout)
    binaries = reachable(find_binaries(), account)
    major = cluster_major(layout)
    if major is None:
        make_cluster(layout, account, binaries, lock)
    else:
        require_same_major(layout, binaries, major)
        remove_leftovers(layout)
    if uses_sockets():
        check_sockets(layout, account)
    write_settings(layout, account)
    account.write(layout.start_log, "")
    done = account.run(
        [binaries.program("pg_ctl"), "start", "-D", layout.cluster, "-l", layout.start_log,
         "-w", "-t", str(START_SECONDS), "-s"],
        timeout_seconds=START_SECONDS + 10,
    )  # fmt: skip
    if done.returncode != 0:
        said = f"{done.stdout}{done.stderr}{_last_words(layout)}"
        raise explain(f"The server in {layout.cluster} did not start", said, layout.home)


def _wait_for_starting(layout: Layout) -> bool:
    """Wait for a server that was started by other means, or that is on its way down."""
    wait_until(lambda: _ready(layout) or running_pid(layout) is None, START_SECONDS)
    if _ready(layout):
        return True
    pid = running_pid(layout)
    if pid is None:
        return False
    raise ServerError(
        f"The server (pid {pid}) has been starting for {START_SECONDS} seconds; it may be "
        f"recovering after a crash. Its log is in {layout.log}. Try again when it is done."
    )


def _clear_remains(layout: Layout) -> None:
    """Remove the pid file of a dead server, once nothing of that server works on the data."""
    if not wait_until(lambda: not left_over(layout), ORPHAN_SECONDS):
        pids = " ".join(str(pid) for pid in left_over(layout))
        raise ServerError(
            f"The server of {layout.cluster} was killed, but these processes of it still work on "
            f"the data: {pids}. Wait for them, or end them with: kill {pids}"
        )
    forget(layout)


def _last_words(layout: Layout) -> str:
    """Return the end of what the server wrote before it gave up."""
    logs = sorted(layout.log.glob("*.log"), key=lambda path: path.stat().st_mtime)
    words = ""
    for path in (layout.start_log, *logs[-1:]):
        if path.is_file():
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            words += "\n".join(lines[-12:]) + "\n"
    return words


def _has_database(layout: Layout) -> bool:
    query = "SELECT FROM pg_catalog.pg_database WHERE datname = %s"
    try:
        with _administration(layout) as connection:
            return connection.execute(query, [DATABASE]).fetchone() is not None
    except psycopg.OperationalError as error:
        raise ServerError(
            f"The server in {layout.cluster} runs, but does not let us in: {str(error).strip()}. "
            f"Its log is in {layout.log}."
        ) from error


def _ensure_database(layout: Layout) -> None:
    if not _has_database(layout):
        with _administration(layout) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _administration(layout: Layout) -> psycopg.Connection[tuple[object, ...]]:
    # A null parameter is one that was not given.
    return psycopg.connect(
        host=layout.host,
        port=layout.port,
        user=SUPERUSER,
        dbname="postgres",
        passfile=None if uses_sockets() else str(layout.passfile),
        connect_timeout=10,
        autocommit=True,
    )
