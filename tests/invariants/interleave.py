"""Runs transactions against each other in every order, step by step, without sleeping.

A `Session` is a list of SQL steps between BEGIN and COMMIT. `orders` yields every way in which
the steps of several sessions can follow each other; `play` runs one. A step that has to wait for
a lock is seen in `pg_stat_activity`, and the next step of the order goes on while it waits.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import ExitStack
from dataclasses import dataclass, field

import psycopg

LONGEST_WAIT_SECONDS = 20  # a hang is a failure, not a slow test


@dataclass(frozen=True, slots=True)
class Session:
    """Steps of one transaction; BEGIN and COMMIT are steps too, added at both ends."""

    name: str
    steps: Sequence[str]
    isolation: str = "READ COMMITTED"

    def script(self) -> list[str]:
        """Return all steps in their order."""
        begin = f"BEGIN ISOLATION LEVEL {self.isolation}"
        return [f"{begin}; {self.steps[0]}", *self.steps[1:], "COMMIT"]


@dataclass(slots=True)
class Outcome:
    """What became of a session: the errors of its steps, and whether it ever waited."""

    errors: list[psycopg.Error] = field(default_factory=list)
    waited: bool = False

    @property
    def refused(self) -> bool:
        return bool(self.errors)

    @property
    def message(self) -> str:
        return str(self.errors[0]) if self.errors else ""

    @property
    def sqlstate(self) -> str | None:
        return self.errors[0].sqlstate if self.errors else None


def orders(sessions: Sequence[Session]) -> Iterator[tuple[str, ...]]:
    """Yield every order in which the sessions' steps can follow each other."""
    yield from _merged({session.name: len(session.script()) for session in sessions})


def _merged(left: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    if not any(left.values()):
        yield ()
    for name, count in left.items():
        if count:
            for rest in _merged({**left, name: count - 1}):
                yield (name, *rest)


def play(conninfo: str, sessions: Sequence[Session], order: Sequence[str]) -> dict[str, Outcome]:
    """Run the sessions' steps in this order and return what became of each.

    The step of a session that still waits is put off until its wait is over.
    """
    with ExitStack() as stack:
        observer = stack.enter_context(psycopg.connect(conninfo, autocommit=True))
        players = {each.name: _Player(stack, conninfo, each) for each in sessions}
        left = list(order)
        while left:
            name = _next(players, left, observer)
            left.remove(name)
            players[name].start()
        for player in players.values():
            player.finish()
        return {name: player.outcome for name, player in players.items()}


def _next(players: "dict[str, _Player]", left: list[str], observer: psycopg.Connection) -> str:
    """Return the first session in the order that is free to go on; wait until there is one."""
    for _ in range(LONGEST_WAIT_SECONDS * 100):
        for player in players.values():
            player.settle(observer)
        for name in left:
            if not players[name].busy:
                return name
    raise AssertionError(f"everybody waits for somebody, left are {left}")


class _Player:
    """One session on a connection and a thread of its own."""

    def __init__(self, stack: ExitStack, conninfo: str, session: Session) -> None:
        self.connection = stack.enter_context(psycopg.connect(conninfo, autocommit=True))
        self.thread = stack.enter_context(ThreadPoolExecutor(1))
        self.script = iter(session.script())
        self.running: Future[None] | None = None
        self.outcome = Outcome()

    @property
    def busy(self) -> bool:
        """True while a step is under way."""
        return self.running is not None

    def start(self) -> None:
        """Start the next step."""
        self.running = self.thread.submit(self._execute, next(self.script))

    def settle(self, observer: psycopg.Connection) -> None:
        """Return when the step under way is done or waits for a lock of somebody else."""
        for _ in range(LONGEST_WAIT_SECONDS * 100):
            if self.running is None:
                return
            try:
                self.running.result(timeout=0.01)
                self.running = None
            except NotYet:
                if self._waits(observer):
                    self.outcome.waited = True
                    return
        raise AssertionError("a step neither ends nor waits for a lock")

    def finish(self) -> None:
        """Wait for the step under way."""
        if self.running is not None:
            self.running.result(timeout=LONGEST_WAIT_SECONDS)

    def _execute(self, statement: str) -> None:
        if self.outcome.errors:
            return
        try:
            self.connection.execute(statement)
        except psycopg.Error as error:
            self.outcome.errors.append(error)
            self.connection.rollback()

    def _waits(self, observer: psycopg.Connection) -> bool:
        row = observer.execute(
            "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s",
            [self.connection.info.backend_pid],
        ).fetchone()
        return bool(row and row[0])
