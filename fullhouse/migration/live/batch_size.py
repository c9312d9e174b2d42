"""How much one transaction takes: as much as fits into a moment, whatever the machine is doing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

#: What a batch shall take: long enough to pay for its statements, short enough that a unit lock,
#: a snapshot and a stop are never held for long.
TARGET_MS: Final = 150.0
MOST_UNITS: Final = 500
LEAST_SEATS: Final = 100
MOST_SEATS: Final = 20_000
_FIRST_SEATS: Final = 2_000
#: One slow batch (a checkpoint, a busy disk) says little: the size moves by these at most.
_SHRINK, _GROW = 0.5, 1.5

Clock = Callable[[], float]


@dataclass(slots=True)
class Measured:
    """What a batch turned out to be; the one who does it says how many seats it had."""

    seats: int = 0


class BatchSize:
    """Adapts the seats of a batch to TARGET_MS; `units` is a fixed cap beside it."""

    def __init__(self, *, target_ms: float = TARGET_MS, clock: Clock = time.monotonic) -> None:
        self._target_ms = target_ms
        self._clock = clock
        self.seats = _FIRST_SEATS
        self.units = MOST_UNITS
        self.last_ms = 0.0

    @contextmanager
    def measured(self) -> Iterator[Measured]:
        """Measure one batch; a batch that fails or makes nothing teaches nothing."""
        began, batch = self._clock(), Measured()
        yield batch
        self.last_ms = (self._clock() - began) * 1000
        if batch.seats:
            self.learn(batch.seats, self.last_ms)

    def learn(self, seats: int, milliseconds: float) -> None:
        """Take one batch of `seats` into account; a partial batch never makes the next larger."""
        factor = self._target_ms / max(milliseconds, 1.0)
        if factor >= 1 and seats < self.seats / 2:
            return
        factor = min(max(factor, _SHRINK), _GROW)
        self.seats = round(min(max(self.seats * factor, LEAST_SEATS), MOST_SEATS))
