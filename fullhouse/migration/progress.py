"""How long work is watched: what a phase reports while it runs, and to whom.

The phases know nothing of terminals; whoever calls them gives a `Watcher`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

#: Units done, units in all (0 where unknown), rows so far. It may raise to stop the work.
Progress = Callable[[int, int, int], None]


class Watcher(Protocol):
    """Who is told what happens."""

    def phase(self, name: str) -> AbstractContextManager[Progress]:
        """Return the progress of one phase, for a `with` block."""

    def say(self, english: str, persian: str) -> None:
        """Tell a person something that is not the result."""


class Silence:
    """A watcher that shows nothing."""

    def phase(self, name: str) -> AbstractContextManager[Progress]:
        """Return a progress that goes nowhere."""
        return nullcontext(ignore)

    def say(self, english: str, persian: str) -> None:
        """Say nothing."""


def ignore(done: int, total: int, rows: int) -> None:
    """Take a report of progress and do nothing with it."""
