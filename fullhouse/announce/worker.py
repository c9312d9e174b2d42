"""The worker: tasks by the clock in one thread, deliveries in others, until told to stop.

Any number of workers may run. What one has not finished when it dies, another does or it does
itself after a restart: everything that matters is in the database and committed step by step.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from django.db import Error, connection

from fullhouse.announce.deliver import deliver_due
from fullhouse.announce.tasks import TASKS, Task, run_task
from fullhouse.events.domain.errors import CapacityError

#: Deliveries that may be under way at once in one worker, each with a connection.
SENDERS: Final = 4
_LOOK_SECONDS: Final = 0.5
_AFTER_AN_ERROR_SECONDS: Final = 5.0
_log = logging.getLogger(__name__)


def run_once(tasks: Sequence[Task] = TASKS) -> dict[str, int]:
    """Run every task once and send what is due; return how much was done by task.

    The order is that of the tasks: what the sweep freed is announced by the relay after it. Raises
    CapacityError and database errors.
    """
    done = {task.name: run_task(task) or 0 for task in tasks}
    done["deliveries"] = 0
    while sent := deliver_due():
        done["deliveries"] += sent
    return done


class Worker:
    """Works in threads of its own from `start` until `stop`; `join` waits for what was begun."""

    def __init__(self, tasks: Sequence[Task] = TASKS, senders: int = SENDERS) -> None:
        self._over = threading.Event()
        # A thread each: a long sweep keeps nobody's news back.
        steps = [*map(self._by_the_clock, tasks), *[self._send] * senders]
        self._threads = [
            threading.Thread(target=self._keep_on, args=(step,), name=f"worker {number}")
            for number, step in enumerate(steps)
        ]

    @property
    def is_whole(self) -> bool:
        """False once a thread has died of a bug."""
        return all(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Begin nothing more."""
        self._over.set()

    def join(self) -> None:
        """Return when all is finished: after `stop`, at most one batch and one attempt."""
        for thread in self._threads:
            thread.join()

    def _keep_on(self, step: Callable[[], bool]) -> None:
        """Do `step` until it is over; rest where it found nothing, longer where it failed."""
        try:
            while not self._over.is_set():
                try:
                    rest = 0.0 if step() else _LOOK_SECONDS
                except (CapacityError, Error) as error:
                    _log.warning("%s; trying again in %g s", error, _AFTER_AN_ERROR_SECONDS)
                    connection.close()
                    rest = _AFTER_AN_ERROR_SECONDS
                self._over.wait(rest)
        finally:
            connection.close()

    def _send(self) -> bool:
        return deliver_due(lambda: not self._over.is_set()) > 0

    def _by_the_clock(self, task: Task) -> Callable[[], bool]:
        due = 0.0

        def step() -> bool:
            nonlocal due
            if time.monotonic() >= due:
                due = time.monotonic() + task.every_seconds
                run_task(task)
            return False

        return step
