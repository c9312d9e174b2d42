"""A short transaction that others wait for: it is done within its budget, or all is taken back.

Every statement gets only what is left of the budget, so the server itself ends one that would take
longer; nobody waits behind this transaction for more than the budget.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from django.db import OperationalError, connections, transaction

from fullhouse.migration.exit_codes import RetryError

DEFAULT_MS: Final = 1000
ATTEMPTS: Final = 8
#: Writers stand behind a lock that is asked for and not granted; a seller's transaction that lasts
#: longer than this is let go first.
LOCK_WAIT_MS: Final = 250
_LONGEST_PAUSE_SECONDS: Final = 4.0
#: Lock timeout, statement timeout, deadlock, serialization failure: another moment may do.
_TRANSIENT: Final = frozenset({"55P03", "57014", "40P01", "40001"})

Sleep = Callable[[float], None]
Clock = Callable[[], float]
T = TypeVar("T")


class OverBudgetError(Exception):
    """The budget is used up; `step` is where."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


class MoreToDoError(Exception):
    """A part is done and stands; the rest waits for the next hold, which follows at once."""


@dataclass(slots=True)
class Budget:
    """What is left of the time that others may wait, in milliseconds from the first `step`."""

    cursor: Any
    total_ms: int
    clock: Clock = time.monotonic
    steps: dict[str, float] = field(default_factory=dict)
    _began: float | None = None
    _step: str = ""
    _step_began: float = 0.0

    def step(self, name: str) -> None:
        """Begin a step; its statements end with what is left. Raises OverBudgetError."""
        now = self.clock()
        if self._began is None:
            self._began = now
        self._close(now)
        self._step, self._step_began = name, now
        left = self.milliseconds
        if left <= 0:
            raise OverBudgetError(name)
        self.cursor.execute(
            "SELECT set_config('statement_timeout', %s, true),"
            " set_config('lock_timeout', %s, true)",
            [str(left), str(min(left, LOCK_WAIT_MS))],
        )

    @property
    def milliseconds(self) -> int:
        """What is left."""
        began = self._began if self._began is not None else self.clock()
        return int(self.total_ms - (self.clock() - began) * 1000)

    def end(self) -> float:
        """Close the last step and return what all took; the transaction is over by now."""
        now = self.clock()
        self._close(now)
        return (now - (self._began if self._began is not None else now)) * 1000

    def _close(self, now: float) -> None:
        if self._step:
            taken = (now - self._step_began) * 1000
            self.steps[self._step] = round(self.steps.get(self._step, 0.0) + taken, 1)
        self._step = ""


@dataclass(frozen=True, slots=True)
class Held:
    """How long others were held up at a time, by step, and at which attempt it was done.

    `milliseconds` is the longest hold, `steps` are the last one's, `holds` each that it took.
    """

    milliseconds: float
    steps: dict[str, float]
    attempt: int
    holds: tuple[float, ...] = ()


def within_budget(
    work: Callable[[Budget], T],
    what: str,
    *,
    using: str,
    budget_ms: int = DEFAULT_MS,
    before: Callable[[], object] = lambda: None,
    attempts: int | None = None,
    sleep: Sleep | None = None,
) -> tuple[T, Held]:
    """Do `work` in one transaction within the budget, again at other moments; `what` names it.

    `before` is done before each attempt, outside of the transaction, while nobody waits.
    MoreToDoError ends a hold, not the attempt: whoever waited goes first, then comes the next.
    Raises RetryError, with everything else taken back, when none of `attempts` (None: ATTEMPTS)
    came through.
    """
    attempts = attempts or ATTEMPTS
    attempt, is_next = 0, True
    holds: list[float] = []
    while True:
        hindered: Exception
        if is_next:
            attempt += 1
            holds = []
            before()
        is_next = True
        try:
            with transaction.atomic(using=using), connections[using].cursor() as cursor:
                budget = Budget(cursor, budget_ms)
                made = work(budget)
                budget.step("commit")
            holds.append(round(budget.end(), 1))
            return made, Held(max(holds), budget.steps, attempt, tuple(holds))
        except MoreToDoError:
            holds.append(round(budget.end(), 1))
            is_next = False
            continue
        except OverBudgetError as error:
            hindered = error
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in _TRANSIENT:
                raise
            hindered = error
        except RetryError as error:
            hindered = error
        if attempt == attempts:
            raise _never(what, budget_ms, attempts, hindered) from hindered
        longest = min(_LONGEST_PAUSE_SECONDS, 0.1 * 2**attempt)
        (sleep or time.sleep)(random.uniform(longest / 2, longest))  # noqa: S311 - jitter, not a secret


def _never(what: str, budget_ms: int, attempts: int, hindered: Exception) -> RetryError:
    why = (
        f"the step {hindered.step!r} came too late"
        if isinstance(hindered, OverBudgetError)
        else str(hindered).strip()
    )
    return RetryError(
        f"The {what} did not come through within {budget_ms:,} ms, {attempts} times; everything "
        f"was taken back and the side that sold goes on selling. The last time: {why}. Try again "
        "at a quieter moment, or give it more time with --budget-ms.",
        f"این گام ({what}) در {budget_ms:,} میلی‌ثانیه به پایان نرسید ({attempts} بار)؛ همه‌چیز"
        " برگشت و همان سو به فروش ادامه می‌دهد. در زمانی خلوت‌تر دوباره بکوشید یا با --budget-ms"
        " زمان بیشتری بدهید.",
        attempts=attempts,
        budget_ms=budget_ms,
    )
