"""What can go wrong, done for real while a phase stands in the middle of its work.

Each fault takes a `Strike` and returns once the runner has ended, if the fault ended it, or was
told to go on. What was broken is whole again by then.
"""

import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings

from fullhouse.migration.live.rehearse.rehearsal import Scene

from .ground import SCHEMA, Ground
from .runner import APPLICATION

OWN = settings.FULLHOUSE_SCHEMA
_LONG_SECONDS = 120
_DEADLOCK_SECONDS = 1.2  # longer than deadlock_timeout: the one that waits later is the victim
_HELD_SECONDS = 2.0
_MOST_LOG_FILES = 100


@dataclass(frozen=True, slots=True)
class Strike:
    """A phase in the middle of its work."""

    ground: Ground
    made: Scene
    runner: "subprocess.Popen[str]"

    def go_on(self) -> None:
        """Let the runner go on."""
        assert self.runner.stdin is not None
        self.runner.stdin.write("go on\n")
        self.runner.stdin.flush()

    def wait(self) -> None:
        """Wait until the runner has ended, whichever way."""
        self.runner.wait(timeout=_LONG_SECONDS)

    def connect(self) -> "psycopg.Connection[Any]":
        """A connection beside the runner's."""
        return self.made.scratch.connect(autocommit=False)


def kill_runner(strike: Strike) -> str:
    """The runner is killed; what it had open is rolled back, its lease dies."""
    strike.runner.kill()
    strike.wait()
    return "killed"


def kill_seller(strike: Strike) -> str:
    """A seller is killed in the middle of whatever it does, and another takes its place."""
    strike.made.market.kill(0)
    strike.go_on()
    strike.wait()
    return "killed"


def end_backend(strike: Strike) -> str:
    """The runner's sessions are ended by the server."""
    with strike.connect() as beside:
        ended = beside.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = %s",
            [APPLICATION],
        ).fetchone()
    assert ended is not None
    assert ended[0] >= 1
    strike.go_on()
    strike.wait()
    return f"{ended[0]} sessions ended"


def stop_server(strike: Strike) -> str:
    """PostgreSQL stops at once and starts again; sellers and runner lose their connections."""
    strike.ground.stop_at_once()
    strike.go_on()
    strike.wait()
    return "stopped and started"


def held_lock(strike: Strike) -> str:
    """Somebody's transaction holds a table that the runner will want, and then lets go."""
    with strike.connect() as beside:
        beside.execute(f"SET search_path TO {OWN}")
        beside.commit()
        table = _hold_one(beside)
        strike.go_on()
        _wait_ended(strike, _HELD_SECONDS)
        beside.rollback()
    strike.wait()
    return f"{table} held {_HELD_SECONDS:.0f} s"


def deadlock(strike: Strike) -> str:
    """Somebody holds what the runner will want, and wants what the runner holds."""
    with strike.connect() as beside, strike.connect() as look:
        look.autocommit = True
        held = _held_by_runner(look)
        wanted = next(name for name in _LATER if name not in held)
        beside.execute(f"SET search_path TO {OWN}; LOCK TABLE {wanted} IN ACCESS EXCLUSIVE MODE")
        waiting = beside.info.backend_pid
        mine = next((name for name in held if name not in _LATER), "")
        if not mine:
            strike.go_on()
            _wait_ended(strike, _HELD_SECONDS)
            beside.rollback()
            strike.wait()
            return f"{wanted} held; the runner held nothing"
        other = threading.Thread(target=_want, args=(beside, mine))
        other.start()
        _wait_blocked(look, waiting)
        time.sleep(_DEADLOCK_SECONDS)
        strike.go_on()
        other.join()
    strike.wait()
    return f"{wanted} against {mine}"


def full_disk(strike: Strike) -> str:
    """The disk is full; the server says so, or falls and cannot rise until there is space."""
    if not strike.ground.is_small:
        strike.runner.kill()
        strike.wait()
        return "simulated by a kill: no disk of its own could be mounted here"
    begun = time.time()
    strike.ground.fill()
    _need_space(strike)
    strike.go_on()
    _wait_ended(strike, _HELD_SECONDS)
    while not strike.made.market.lost(begun):
        assert time.time() - begun < _LONG_SECONDS, "nobody noticed that the disk is full"
        time.sleep(0.1)
    strike.ground.empty()
    strike.ground.start()
    strike.wait()
    return "a full tmpfs"


FAULTS: dict[str, Callable[[Strike], str]] = {
    "kill runner": kill_runner,
    "kill seller": kill_seller,
    "end backend": end_backend,
    "stop server": stop_server,
    "held lock": held_lock,
    "deadlock": deadlock,
    "full disk": full_disk,
}
#: What a long transaction may hold: legacy rows it writes, the ledger, the history of runs.
_HELD = (
    (f"{SCHEMA}.events_seat", "ROW EXCLUSIVE"),
    ("events_movement", "ROW EXCLUSIVE"),
    ("capacity_migration_runevent", "SHARE"),
)
#: Tables that phases write to late; the first that the runner does not hold yet is taken.
_LATER = (
    "events_movement",
    "capacity_migration_runevent",
    f"{SCHEMA}.events_eventbooking",
)


def _hold_one(beside: "psycopg.Connection[Any]") -> str:
    """Lock the first table that the runner does not hold yet, as a long write does."""
    for table, mode in _HELD:
        try:
            beside.execute(f"LOCK TABLE {table} IN {mode} MODE NOWAIT")
        except psycopg.errors.LockNotAvailable:
            beside.rollback()
        else:
            return table
    raise AssertionError("the runner holds everything by now")


def _need_space(strike: Strike) -> None:
    """Write until the server needs another file for its log, and there is no room for it."""
    try:
        with strike.connect() as beside:
            beside.autocommit = True
            for _ in range(_MOST_LOG_FILES):
                beside.execute("SELECT pg_logical_emit_message(true, 'chaos', 'more')")
                beside.execute("SELECT pg_switch_wal()")
    except psycopg.OperationalError:
        return
    raise AssertionError("the disk is full, and the server finds room")


def _held_by_runner(look: "psycopg.Connection[Any]") -> list[str]:
    look.execute(f"SET search_path TO {OWN}")
    rows = look.execute(
        "SELECT DISTINCT l.relation::regclass::text FROM pg_locks AS l"
        " JOIN pg_stat_activity AS a ON a.pid = l.pid JOIN pg_class AS c ON c.oid = l.relation"
        " WHERE a.application_name = %s AND c.relkind = 'r' AND c.relpersistence = 'p'"
        " AND c.relnamespace <> 'pg_catalog'::regnamespace ORDER BY 1",
        [APPLICATION],
    ).fetchall()
    return [str(name) for (name,) in rows]


def _want(beside: "psycopg.Connection[Any]", table: str) -> None:
    try:
        beside.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
    except psycopg.errors.DeadlockDetected:
        """It is the other one then; either is a deadlock."""
    beside.rollback()


def _wait_blocked(look: "psycopg.Connection[Any]", pid: int) -> None:
    begun = time.monotonic()
    while True:
        row = look.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid]).fetchone()
        if row and row[0]:
            return
        assert time.monotonic() - begun < _LONG_SECONDS
        time.sleep(0.02)


def _wait_ended(strike: Strike, seconds: float) -> None:
    """Wait until the runner has ended, but not longer."""
    try:
        strike.runner.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        """It waits for what is held: let go now."""
