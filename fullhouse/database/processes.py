"""Which processes belong to a cluster: the postmaster's pid file, and what is behind it.

A pid file outlives a killed server, and its number may since belong to another program. Only a
PostgreSQL process that works in this very directory counts (every one of them has it as its
working directory).
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .paths import Layout, uses_sockets

_PROC = Path("/proc")
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class PidFile:
    """What `postmaster.pid` says; `ready` once the server takes connections."""

    pid: int
    ready: bool


def read_pid_file(layout: Layout) -> PidFile | None:
    """Read the cluster's `postmaster.pid`; None when there is none or it is not complete."""
    try:
        lines = (layout.cluster / "postmaster.pid").read_text(errors="replace").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    # Line 8 is the state, as pg_ctl reads it; a stand-alone backend writes a negative pid.
    return PidFile(abs(pid), len(lines) > 7 and lines[7].strip() == "ready")


def running_pid(layout: Layout) -> int | None:
    """Return the pid of the cluster's live postmaster, whether or not it is ready yet."""
    file = read_pid_file(layout)
    if file and _is_postgres_of(file.pid, layout.cluster):
        return file.pid
    return None


def left_over(layout: Layout) -> list[int]:
    """Return PostgreSQL processes of this cluster, with or without their postmaster."""
    if not _PROC.joinpath("self", "cwd").exists():
        return []
    found = (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())
    return sorted(pid for pid in found if _is_postgres_of(pid, layout.cluster))


def answers(layout: Layout) -> bool:
    """Tell whether anything takes connections at the server's address."""
    family = socket.AF_UNIX if uses_sockets() else socket.AF_INET
    address: str | tuple[str, int] = (layout.host, layout.port)
    if uses_sockets():
        address = str(layout.sockets / f".s.PGSQL.{layout.port}")
    with socket.socket(family) as client:
        client.settimeout(5)
        try:
            client.connect(address)
        except OSError:
            return False
    return True


def forget(layout: Layout) -> None:
    """Remove the pid and socket lock files of a server that is proven to be gone."""
    name = f".s.PGSQL.{layout.port}"
    for path in (
        layout.cluster / "postmaster.pid",
        layout.sockets / name,
        layout.sockets / f"{name}.lock",
    ):
        path.unlink(missing_ok=True)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Return True as soon as the condition holds, False when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _is_postgres_of(pid: int, cluster: Path) -> bool:
    process = _PROC / str(pid)
    if _PROC.joinpath("self", "cwd").exists():
        try:
            name = (process / "comm").read_text().strip()
            # A zombie keeps its name but has no directory any more: it is gone.
            return name.startswith("postgres") and (process / "cwd").readlink() == cluster
        except OSError:
            return False
    if os.name == "nt":
        listed = _listed(["tasklist", "/FI", f"PID eq {pid}", "/FO", "CSV", "/NH"])
        return "postgres.exe" in listed
    return "postgres" in (listed := _listed(["ps", "-ww", "-o", "command=", "-p", str(pid)])) and (
        str(cluster) in listed
    )


def _listed(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
