"""Sessions in threads of their own that work through the outbox together, each a share of it.

For the cut-over: the sooner a pass ends, the less is sold during it, and the less is left for the
lock. While the lock is held the sellers wait and leave their processors idle, so the drain is
divided as well. A performance is in one share only, so no two sessions make the same unit.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import connections, transaction

from fullhouse.migration.live import project
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.session import Session, opened
from fullhouse.migration.source import Source

#: A statement that is cancelled may be over by then; the next one is cancelled as soon.
_CANCEL_SECONDS: Final = 0.05

#: A share for work that needs none.
_NOTHING: Final = "false"

#: What a hand does; it gets its session and its share, a condition on the outbox as `o`.
Work = Callable[[Session, str], Any]


@dataclass(slots=True)
class Crew:
    """Open sessions that wait for work; `each` gives them some and waits for all of them."""

    _hands: list[_Hand]

    @property
    def count(self) -> int:
        """How many hands there are."""
        return len(self._hands)

    def each(
        self, work: Work, shares: Sequence[str] | None = None, *, seconds: float | None = None
    ) -> list[Any]:
        """Let every hand do `work` at once; return what each gave, or raise the first problem.

        `shares`: for the first hands, as many as there are. After `seconds` whatever statement a
        hand is at is cancelled (SQLSTATE 57014).
        """
        until = None if seconds is None else time.monotonic() + seconds
        given = [_NOTHING] * self.count if shares is None else shares
        asked = list(zip(self._hands, given, strict=False))
        for hand, share in asked:
            hand.asked.put((work, share))
        answers = [hand.answer(until) for hand, _ in asked]
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return answers

    def first(self, work: Work, *, seconds: float | None = None) -> Any:
        """Let one hand do `work`, in a session that commits by itself; as `each`."""
        return self.each(work, [_NOTHING], seconds=seconds)[0]

    def read_catalogue(self) -> None:
        """Let every hand read venues, events and ticket types anew: somebody changed them."""
        self.each(_read_catalogue)


@contextmanager
def crew(
    run: MigrationRun, source: Source, *, using: str, hands: int, files: tuple[str, ...] = ()
) -> Iterator[Crew]:
    """Open so many sessions, each on a connection of its own, until the block ends.

    `files` of SQL are run in each of them first. Raises what `opened` raises.
    """
    every = [_Hand(run, using, source, files, number + 1) for number in range(hands)]
    for hand in every:
        hand.start()
    try:
        made = Crew(every)
        made.each(_nothing)
        yield made
    finally:
        for hand in every:
            hand.asked.put(None)
        for hand in every:
            hand.join()


class _Hand(threading.Thread):
    """One session; does what it is asked until it is asked for None."""

    def __init__(
        self,
        run: MigrationRun,
        using: str,
        source: Source,
        files: tuple[str, ...],
        number: int,
    ) -> None:
        super().__init__(name=f"takeover {number}", daemon=True)
        self._run = run
        self._using = using
        self._source = source
        self._files = files
        self._cancel: Callable[[], None] = _nobody
        self.asked: queue.SimpleQueue[tuple[Work, str] | None] = queue.SimpleQueue()
        self.answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def run(self) -> None:
        """Work; a session that cannot be opened answers everything with why."""
        try:
            with opened(self._run, using=self._using, source=self._source) as session:
                project.prepare(session)
                for name in self._files:
                    session.execute(name)
                self._cancel = connections[self._using].connection.cancel
                self._work(session)
        except BaseException as problem:
            while self.asked.get() is not None:
                self.answers.put(problem)
        finally:
            connections[self._using].close()

    def answer(self, until: float | None) -> Any:
        """Wait for the answer; from `until` on (monotonic) cancel what it waits for."""
        while True:
            rest = None if until is None else max(until - time.monotonic(), _CANCEL_SECONDS)
            try:
                return self.answers.get(timeout=rest)
            except queue.Empty:
                self._cancel()

    def _work(self, session: Session) -> None:
        while (asked := self.asked.get()) is not None:
            work, share = asked
            try:
                answer = work(session, share)
            except BaseException as problem:
                answer = problem
            self.answers.put(answer)
        # Whoever waits for the end of a failed session asks once more.
        self.asked.put(None)


def _nobody() -> None:
    """There is no statement to cancel yet."""


def _nothing(_session: Session, _share: str) -> None:
    """Answer once the session is open."""


def _read_catalogue(session: Session, _share: str) -> None:
    with transaction.atomic(using=session.using):
        session.settle()
        project.read_catalogue(session)
