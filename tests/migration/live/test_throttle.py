"""The takeover steps back for others, says why, and goes on when the reason is gone."""

import dataclasses
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from fullhouse.migration.exit_codes import BusyError
from fullhouse.migration.live import throttle
from fullhouse.migration.live.throttle import Limits, Throttle

pytestmark = pytest.mark.usefixtures("db_committed")
CALM = Limits(oldest_transaction_seconds=1e9, lock_waiters=10**6, replica_lag_seconds=1e9)


def with_limit(name: str, value: float) -> Limits:
    """Limits that nothing but `name` can be beyond."""
    return dataclasses.replace(CALM, **{name: value})


class Rest:
    """Counts rests; the last of the acts it is given ends what was in the way."""

    def __init__(self, *acts: Callable[[], object]) -> None:
        self.rests: list[float] = []
        self._acts = list(acts)

    def __call__(self, seconds: float) -> None:
        self.rests.append(seconds)
        if self._acts:
            self._acts.pop(0)()


def nothing() -> None:
    """Do nothing between two looks."""


@contextmanager
def old_transaction(conninfo: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(conninfo) as other:
        other.execute("SELECT 1")
        yield other


def test_nothing_beyond_a_limit_means_no_wait() -> None:
    rest = Rest()
    held = Throttle(CALM, using="default", sleep=rest)
    held.wait(1.0, nothing)
    assert (rest.rests, held.reason, held.waited_seconds) == ([], None, 0.0)


def test_nice_rests_a_share_of_the_work() -> None:
    rest = Rest()
    Throttle(with_limit("nice", 0.5), using="default", sleep=rest).wait(2.0, nothing)
    assert rest.rests == [1.0]


def test_an_old_transaction_is_waited_for_with_growing_rests(conninfo: str) -> None:
    limits = with_limit("oldest_transaction_seconds", 0.0)
    with old_transaction(conninfo) as other:
        seen: list[str] = []
        rest = Rest(nothing, nothing, other.rollback)
        held = Throttle(limits, using="default", sleep=rest)
        held.wait(0.0, lambda: seen.append(held.reason.english if held.reason else ""))
    assert all("a transaction is" in reason for reason in seen)
    assert rest.rests[:3] == [0.1, 0.2, 0.4]
    assert held.reason is None
    assert held.waited_seconds == pytest.approx(sum(rest.rests))


def test_sessions_that_wait_for_locks_are_let_by(monkeypatch: pytest.MonkeyPatch) -> None:
    measured_by(monkeypatch, throttle._WAITERS, [6, 0])
    seen: list[str] = []
    rest = Rest()
    held = Throttle(with_limit("lock_waiters", 5), using="default", sleep=rest)
    held.wait(0.0, lambda: seen.append(held.reason.english if held.reason else ""))
    assert (seen, rest.rests) == (["6 sessions wait for locks (limit 5)"], [0.1])


def test_a_lost_lease_ends_the_wait_before_it_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    measured_by(monkeypatch, throttle._WAITERS, [6])
    rest = Rest()

    def lost() -> None:
        raise BusyError("lost", "lost")

    with pytest.raises(BusyError):
        Throttle(with_limit("lock_waiters", 5), using="default", sleep=rest).wait(0.0, lost)
    assert rest.rests == []


def test_a_lock_that_is_waited_for_is_counted(conninfo: str) -> None:
    with psycopg.connect(conninfo) as holder, psycopg.connect(conninfo) as waiter:
        holder.execute("SELECT pg_advisory_lock(20270320)")
        waiting = threading.Thread(
            target=lambda: waiter.execute("SELECT pg_advisory_lock(20270320)")
        )
        waiting.start()
        rest = Rest(*[nothing] * 1000)
        held = Throttle(with_limit("lock_waiters", -1), using="default", sleep=rest)
        with pytest.raises(BusyError):
            held.wait(0.0, lambda: stop_if_seen(held))
        holder.execute("SELECT pg_advisory_unlock(20270320)")
        waiting.join()


def stop_if_seen(held: Throttle) -> None:
    """Stop once the waiting session is counted; until then the throttle looks again."""
    if held.lock_waiters >= 1:
        raise BusyError("seen", "seen")


def measured_by(monkeypatch: pytest.MonkeyPatch, asked: str, values: list[float]) -> None:
    """Let one query give these values, one after the other."""
    number, given = throttle._number, iter(values)
    monkeypatch.setattr(
        throttle,
        "_number",
        lambda cursor, query: next(given) if query is asked else number(cursor, query),
    )


def test_a_replica_that_lags_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    measured_by(monkeypatch, throttle._LAG, [7.0, 6.0, 1.0])
    limits = with_limit("replica_lag_seconds", 5.0)
    seen: list[str] = []
    rest = Rest()
    held = Throttle(limits, using="default", sleep=rest)
    held.wait(0.0, lambda: seen.append(held.reason.english if held.reason else ""))
    assert seen == [
        "a replica is 7.0 s behind (limit 5.0 s)",
        "a replica is 6.0 s behind (limit 5.0 s)",
    ]
    assert rest.rests == [0.1, 0.2]


def test_the_server_is_asked_at_most_four_times_a_second() -> None:
    now = [0.0]
    held = Throttle(CALM, using="default", clock=lambda: now[0])
    counting = Counting()
    with connection.execute_wrapper(counting):
        for _ in range(10):
            held.wait(0.0, nothing)
        asked = counting.queries
        now[0] = 0.3
        held.wait(0.0, nothing)
    assert (asked, counting.queries) == (3, 6)


class Counting:
    """Counts queries."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable[..., object], *arguments: object) -> object:
        self.queries += 1
        return execute(*arguments)
