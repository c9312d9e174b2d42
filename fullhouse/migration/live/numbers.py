"""The numbers of a live takeover as `status` shows them, kept on the run's row by its runner."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models.functions import Now
from django.utils import timezone

from fullhouse.migration.models import MigrationRun, Outbox

_EVERY_SECONDS: Final = 1.0
_CAPTURE: Final = ("captured_at", "tables", "indexes")

Clock = Callable[[], float]


@dataclass(slots=True)
class Numbers:
    """What the runner does now. Rows are legacy seat rows; `eta_seconds` None: not known."""

    phase: str = ""
    units_done: int = 0
    units_total: int = 0
    rows: int = 0
    rows_per_second: int = 0
    eta_seconds: int | None = None
    batch_seats: int = 0
    batch_ms: int = 0
    outbox: int = 0
    lock_waiters: int = 0
    throttle: dict[str, str] | None = None
    waited_seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the numbers as JSON values; the names are stable."""
        return {
            "phase": self.phase,
            "units_done": self.units_done,
            "units_total": self.units_total,
            "rows": self.rows,
            "rows_per_second": self.rows_per_second,
            "eta_seconds": self.eta_seconds,
            "batch_seats": self.batch_seats,
            "batch_ms": self.batch_ms,
            "outbox": self.outbox,
            "lock_waiters": self.lock_waiters,
            "throttle": self.throttle,
            "waited_seconds": round(self.waited_seconds, 1),
        }


@dataclass(slots=True)
class Reporter:
    """Writes the numbers to the run's row, at most once a second."""

    run: MigrationRun
    using: str
    clock: Clock = time.monotonic
    numbers: Numbers = field(default_factory=Numbers)
    _began: float = field(init=False)
    _written: float = field(init=False, default=float("-inf"))

    def __post_init__(self) -> None:
        self._began = self.clock()

    def due(self) -> bool:
        """Tell whether it is time to write again; what costs to know is looked up only then."""
        return self.clock() - self._written >= _EVERY_SECONDS

    def write(self) -> None:
        """Write the numbers; a runner that was replaced writes nothing."""
        now = self.clock()
        self._written = now
        told = self.numbers
        elapsed = now - self._began
        told.rows_per_second = int(told.rows / elapsed) if elapsed > 0 else 0
        open_units = told.units_total - told.units_done
        if told.units_done and elapsed > 0:
            told.eta_seconds = round(open_units * elapsed / told.units_done)
        kept = {name: self.run.live[name] for name in _CAPTURE if name in self.run.live}
        self.run.live = kept | told.to_json() | {"at": timezone.now().isoformat()}
        rows = MigrationRun.objects.using(self.using).filter(pk=self.run.pk, epoch=self.run.epoch)
        rows.update(live=self.run.live, updated_at=Now())


def is_live(run: MigrationRun) -> bool:
    """Tell whether the run captures what the sellers do: it was expanded and not rolled back."""
    return "captured_at" in run.live


def units_waiting(run: MigrationRun, *, using: str) -> int:
    """Return how many units the outbox names; those of an event that changed count as one."""
    rows = Outbox.objects.using(using).filter(run_id=run.pk, direction=Outbox.Direction.FORWARD)
    return int(rows.values("performance_id", "event_id", "link").distinct().count())


def depth(run: MigrationRun, *, using: str) -> int:
    """Return how many rows of the forward outbox wait."""
    rows = Outbox.objects.using(using).filter(run_id=run.pk, direction=Outbox.Direction.FORWARD)
    return int(rows.count())


def numbers(run: MigrationRun, *, using: str) -> dict[str, Any] | None:
    """Return what a report says of a live run: its last numbers, and the outbox as it is now."""
    if not is_live(run):
        return None
    paused = run.paused_at.isoformat() if run.paused_at else None
    return {**run.live, "outbox": depth(run, using=using), "paused_at": paused}


def in_words(told: dict[str, Any]) -> str:
    """Return the numbers as one line, as far as they are known."""
    parts = [f"Live: outbox {told['outbox']:,}"]
    if told.get("units_total"):
        parts.append(f"{told['phase']} {told['units_done']:,}/{told['units_total']:,} units")
    if told.get("rows_per_second"):
        parts.append(f"{told['rows_per_second']:,} rows/s")
    if told.get("eta_seconds"):
        parts.append(f"{told['eta_seconds']:,} s left")
    if told.get("batch_ms"):
        parts.append(f"batch {told['batch_seats']:,} seats, {told['batch_ms']:,} ms")
    if told.get("lock_waiters"):
        parts.append(f"{told['lock_waiters']:,} wait for locks")
    if told.get("throttle"):
        parts.append(f"resting: {told['throttle']['en']} / {told['throttle']['fa']}")
    return ", ".join(parts)
