"""Notices that a phase no longer gets anywhere.

A phase that reports its progress but finishes nothing rests (for a lock, a replica, an old
transaction: `status` says for what); one that does not even report hangs in a statement.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from typing import Final, Literal

#: Phases whose work comes in small steps, so that silence means something.
WATCHED: Final = ("backfill", "sync")
_LOOKS: Final = 10
_LONGEST_LOOK_SECONDS: Final = 5.0

Stall = Literal["rests", "hangs"]
Clock = Callable[[], float]


class Progressing:
    """When something was last finished, and when the phase was last heard of."""

    def __init__(self, seconds: float, clock: Clock = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._numbers = (0, 0)
        self._moved = self._heard = clock()
        self._told = False

    def take(self, done: int, rows: int) -> None:
        """Take a report of progress."""
        self._heard = self._clock()
        if (done, rows) != self._numbers:
            self._numbers = (done, rows)
            self._moved, self._told = self._heard, False

    def stall(self) -> Stall | None:
        """Return what is wrong, if anything; a rest once, until something was finished again."""
        now = self._clock()
        if now - self._heard >= self._seconds:
            return "hangs"
        lately = now - self._heard < self._seconds / 2
        if now - self._moved >= self._seconds and lately and not self._told:
            self._told = True
            return "rests"
        return None


class Watchman(threading.Thread):
    """Looks at a phase until told to end; `found` is called in this thread."""

    def __init__(self, progress: Progressing, seconds: float, found: Callable[[Stall], None]):
        super().__init__(name="stall watch", daemon=True)
        self._progress = progress
        self._look = min(seconds / _LOOKS, _LONGEST_LOOK_SECONDS)
        self._found = found
        self._over = threading.Event()
        self._ending = threading.Lock()

    def run(self) -> None:
        """Look until it is over; a phase that hangs is stopped, and that is the end."""
        while not self._over.wait(self._look):
            with self._ending:
                if self._over.is_set() or (stall := self._progress.stall()) is None:
                    continue
                self._found(stall)
                if stall == "hangs":
                    return

    def end(self) -> None:
        """Return once no `found` is under way and none will follow."""
        with self._ending:
            self._over.set()


def stop_main_thread() -> None:
    """End the work of the main thread as SIGTERM does: statement cancelled, lease given back.

    Only where the command has said what SIGTERM means; else nothing is stopped.
    """
    if callable(signal.getsignal(signal.SIGTERM)) and hasattr(signal, "pthread_kill"):
        ident = threading.main_thread().ident
        if ident is not None:
            signal.pthread_kill(ident, signal.SIGTERM)
