"""Whoever waits at the same moment is served together: first come, first served.

While one batch is under way the next one gathers, so that a batch is as large as the load makes it
and an idle house answers at once. Nothing here knows what is asked.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

from fullhouse.events.domain.errors import Conflict, EngineFault, InvalidRequest

Question = TypeVar("Question")
Answer = TypeVar("Answer")

MOST_TOGETHER: Final = 250
MOST_WAITING: Final = 1000
_log = logging.getLogger(__name__)


class Combiner(Generic[Question, Answer]):
    """Collects questions and has `serve` answer many of them at once.

    `serve` returns an answer or an error for each, in order. Where it raises EngineFault or
    InvalidRequest, nothing has moved, and each question of that batch is served alone, so that one
    of them cannot fail the others; any other error is everybody's. `abandoned` hears of answers
    whose asker was cancelled meanwhile.
    """

    def __init__(
        self,
        serve: Callable[[Sequence[Question]], Awaitable[Sequence[Answer | Exception]]],
        *,
        abandoned: Callable[[Question, Answer], None] | None = None,
        together: int = MOST_TOGETHER,
        waiting: int = MOST_WAITING,
    ) -> None:
        self._serve = serve
        self._abandoned = abandoned
        self._together = together
        self._most_waiting = waiting
        self._waiting: deque[tuple[Question, asyncio.Future[Answer]]] = deque()
        self._task: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        """Whether nobody waits and nothing is under way."""
        return self._task is None

    async def ask(self, question: Question) -> Answer:
        """Return the answer. Raises what `serve` answers; Conflict where too many wait."""
        if len(self._waiting) >= self._most_waiting:
            raise Conflict(f"{self._most_waiting} requests wait already")
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._task is None:
            self._start()
        return await answer

    async def finish(self) -> None:
        """Return when everybody who waits has an answer."""
        while self._task is not None:
            await asyncio.wait({self._task})

    def _start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._work())
        self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Keep the work going, whatever ended the task."""
        self._task = None
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("the combiner's task broke; it starts anew", exc_info=error)
        if self._waiting and not task.get_loop().is_closed():
            self._start()

    async def _work(self) -> None:
        while self._waiting:
            batch: list[tuple[Question, asyncio.Future[Answer]]] = []
            while self._waiting and len(batch) < self._together:
                question, answer = self._waiting.popleft()
                if not answer.done():  # who has gone before being served is not served
                    batch.append((question, answer))
            if batch:
                await self._serve_batch(batch)

    async def _serve_batch(self, batch: list[tuple[Question, asyncio.Future[Answer]]]) -> None:
        try:
            told = await self._serve([question for question, _ in batch])
            for (question, answer), one in zip(batch, told, strict=True):
                self._tell(question, answer, one)
        except (EngineFault, InvalidRequest) as error:
            if len(batch) == 1:
                self._tell(*batch[0], error)
                return
            for each in batch:
                await self._serve_batch([each])
        except Exception as error:
            for question, answer in batch:
                self._tell(question, answer, error)
        finally:
            for _, answer in batch:
                if not answer.done():  # the task was cancelled
                    answer.set_exception(Conflict("The server is stopping"))

    def _tell(
        self, question: Question, answer: asyncio.Future[Answer], told: Answer | Exception
    ) -> None:
        if not answer.done():
            if isinstance(told, Exception):
                answer.set_exception(told)
            else:
                answer.set_result(told)
        elif self._abandoned is not None and not isinstance(told, Exception):
            self._abandoned(question, told)
