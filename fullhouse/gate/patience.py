"""Ends what takes too long, with one timer for all: one for each body costs as much as the body."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Final

_LOOK_SECONDS: Final = 1.0


class SlowError(Exception):
    """It took longer than there was patience for."""


class Patience:
    """`with patience:` raises SlowError inside after `seconds`, at most a second later."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._begun: dict[asyncio.Task[object], float] = {}
        self._late: set[asyncio.Task[object]] = set()
        self._looks = False

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task(loop)
        if task is None:
            raise AssertionError("patience is for a task")
        self._begun[task] = loop.time()
        if not self._looks:
            self._looks = True
            loop.call_later(_LOOK_SECONDS, self._look, loop)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        self._begun.pop(task, None)
        if task in self._late:
            self._late.discard(task)
            if task.uncancel() == 0 and kind is asyncio.CancelledError:
                raise SlowError from None

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        oldest = loop.time() - self.seconds
        for task, begun in self._begun.items():
            if begun <= oldest and task not in self._late:
                self._late.add(task)
                task.cancel()
        self._looks = bool(self._begun)
        if self._looks:
            loop.call_later(_LOOK_SECONDS, self._look, loop)
