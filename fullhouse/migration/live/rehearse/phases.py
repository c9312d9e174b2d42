"""The phases of a rehearsal, in order. Each is what an operator would type, done on the copy.

A phase returns the numbers that are its own; what fails raises, and is never passed over.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from fullhouse.migration import run as offline
from fullhouse.migration import runs
from fullhouse.migration.live import commands
from fullhouse.migration.live.rehearse.market import Market
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.progress import Watcher
from fullhouse.migration.runs import Order
from fullhouse.migration.source import Source

#: How often the outbox is worked through once nobody sells any more; then it must be empty.
_MOST_PASSES: Final = 100


@dataclass(slots=True)
class Stage:
    """Where a rehearsal happens: the order for the copy, who sells there and how long at least."""

    order: Order
    source: Source
    watcher: Watcher
    seconds: float = 0.0
    began: float = 0.0
    market: Market | None = None

    @property
    def run(self) -> MigrationRun:
        """The run of the copy as it is now."""
        return runs.existing(self.order)


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase: its name in the report, and the work."""

    name: str
    work: Callable[[Stage], dict[str, Any]]


def expand(stage: Stage) -> dict[str, Any]:
    """Back up, plan, accept every proposal, put capture on."""
    run = commands.expand(stage.order, stage.watcher)
    return {"tables": len(run.live.get("tables", []))}


def backfill(stage: Stage) -> dict[str, Any]:
    """Make everything beside the sellers."""
    run = commands.backfill(stage.order, stage.watcher)
    return {"units": run.units.using(stage.order.using).count(), "state": str(run.state)}


def sync(stage: Stage) -> dict[str, Any]:
    """Do passes, at least one, as long as the sellers are to sell."""
    passes = 0
    while True:
        run = commands.sync(stage.order, stage.watcher)
        passes += 1
        if time.time() - stage.began >= stage.seconds:
            return {"passes": passes, "left": int(run.live.get("outbox", 0))}


def validate(stage: Stage) -> dict[str, Any]:
    """Compare both sides beside the sellers, but for what waits in the outbox."""
    run = offline.validate(stage.order, stage.watcher)
    return {"state": str(run.state)}


def settle(stage: Stage) -> int:
    """Work the outbox through once nobody sells any more; return what is left of it."""
    for _ in range(_MOST_PASSES):
        left = int(commands.sync(stage.order, stage.watcher).live.get("outbox", 0))
        if not left:
            break
    return left


FORWARD: Final = (
    Phase("expand", expand),
    Phase("backfill", backfill),
    Phase("sync", sync),
    Phase("validate", validate),
)
