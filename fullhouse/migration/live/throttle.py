"""When the takeover steps back: the sellers and the replicas come first.

Looks at the server between batches, never inside one, and waits while anything is beyond its limit.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import connections

_LOOK_EVERY_SECONDS: Final = 0.25
_SHORTEST_WAIT, _LONGEST_WAIT = 0.1, 1.0

_OLDEST: Final = (
    "SELECT coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0)::float"
    " FROM pg_catalog.pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
_WAITERS: Final = (
    "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
)
_LAG: Final = (
    "SELECT coalesce(extract(epoch FROM max(replay_lag)), 0)::float"
    " FROM pg_catalog.pg_stat_replication"
)

Sleep = Callable[[float], None]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Limits:
    """Beyond any of these the takeover waits. `nice` is seconds of rest a second of work.

    A transaction that is older than `oldest_transaction_seconds` keeps the dead rows of every
    batch; a role without pg_monitor sees only its own, and no replicas.
    """

    oldest_transaction_seconds: float = 60.0
    lock_waiters: int = 5
    replica_lag_seconds: float = 5.0
    nice: float = 0.0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the takeover waits, for people."""

    english: str
    persian: str


class Throttle:
    """Asks the server at most four times a second; `reason` is what it waits for, if anything."""

    def __init__(
        self,
        limits: Limits,
        *,
        using: str,
        sleep: Sleep = time.sleep,
        clock: Clock = time.monotonic,
    ) -> None:
        self._limits = limits
        self._using = using
        self._sleep = sleep
        self._clock = clock
        self._looked_at = float("-inf")
        self.reason: Reason | None = None
        self.lock_waiters = 0
        self.waited_seconds = 0.0

    def wait(self, worked_seconds: float, between: Callable[[], None]) -> None:
        """Rest for the nice ratio, then wait until nothing is beyond its limit.

        `between` is called before each wait; it may raise to stop (a pause, a lost lease).
        """
        if self._limits.nice:
            self._rest(worked_seconds * self._limits.nice)
        pause = _SHORTEST_WAIT
        while self._look() is not None:
            between()
            self._rest(pause)
            pause = min(pause * 2, _LONGEST_WAIT)

    def _rest(self, seconds: float) -> None:
        self._sleep(seconds)
        self.waited_seconds += seconds

    def _look(self) -> Reason | None:
        now = self._clock()
        if self.reason is None and now - self._looked_at < _LOOK_EVERY_SECONDS:
            return None
        self._looked_at = now
        with connections[self._using].cursor() as cursor:
            self.reason = self._beyond(cursor)
        return self.reason

    def _beyond(self, cursor: Any) -> Reason | None:
        limits = self._limits
        self.lock_waiters = int(_number(cursor, _WAITERS))
        if self.lock_waiters > limits.lock_waiters:
            return Reason(
                f"{self.lock_waiters} sessions wait for locks (limit {limits.lock_waiters})",
                f"{self.lock_waiters} نشست در انتظار قفل است (حد {limits.lock_waiters})",
            )
        oldest = _number(cursor, _OLDEST)
        if oldest > limits.oldest_transaction_seconds:
            return Reason(
                f"a transaction is {oldest:.0f} s old (limit "
                f"{limits.oldest_transaction_seconds:.0f} s)",
                f"تراکنشی {oldest:.0f} ثانیه باز است (حد"
                f" {limits.oldest_transaction_seconds:.0f} ثانیه)",
            )
        lag = _number(cursor, _LAG)
        if lag > limits.replica_lag_seconds:
            return Reason(
                f"a replica is {lag:.1f} s behind (limit {limits.replica_lag_seconds:.1f} s)",
                f"یک رونوشت {lag:.1f} ثانیه عقب است (حد {limits.replica_lag_seconds:.1f} ثانیه)",
            )
        return None


def _number(cursor: Any, query: str) -> float:
    cursor.execute(query)
    return float(cursor.fetchone()[0])
