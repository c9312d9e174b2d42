"""The later phases of a rehearsal: over, selling in Fullhouse, back, and over again."""

from __future__ import annotations

import time
from typing import Any, Final

from fullhouse.migration.exit_codes import MismatchError
from fullhouse.migration.live import cutover as live_cutover
from fullhouse.migration.live import reverse, rollback_after
from fullhouse.migration.live.rehearse.journal import Side
from fullhouse.migration.live.rehearse.phases import FORWARD, Phase, Stage
from fullhouse.migration.steps import runner

#: How long every seller has to make its first sale on the other side.
_PATIENCE_SECONDS: Final = 60.0


def cutover(stage: Stage) -> dict[str, Any]:
    """Make Fullhouse the one that sells, while sellers are at the legacy tills."""
    with runner(stage.order, stage.source, stage.run, stage.watcher) as work:
        done = live_cutover.cut_over(work)
    return {"units": done.units, "held_ms": done.held.milliseconds, "attempt": done.held.attempt}


def sell(stage: Stage) -> dict[str, Any]:
    """Let sellers sell in Fullhouse, the legacy tables following; every one must have sold."""
    began, written, passes = time.time(), 0, 0
    with runner(stage.order, stage.source, stage.run, stage.watcher) as work:
        while True:
            done = reverse.sync_once(work.run, work.source, using=stage.order.using)
            written, passes = written + done.rows, passes + 1
            elapsed = time.time() - began
            everybody = _sells(stage, "fullhouse", began)
            if everybody and elapsed >= stage.seconds / 2:
                return {"passes": passes, "rows_written_back": written, "left": done.left}
            if elapsed > stage.seconds / 2 + _PATIENCE_SECONDS:
                raise _does_not_sell("Fullhouse", "فول‌هاوس")
            time.sleep(reverse.EVERY_SECONDS)


def rollback(stage: Stage) -> dict[str, Any]:
    """Give the authority back to the legacy side; no sale of either side may be lost."""
    with runner(stage.order, stage.source, stage.run, stage.watcher) as work:
        held = rollback_after.roll_back_after(work)
    return {"held_ms": held.milliseconds, "attempt": held.attempt} if held else {}


def again(stage: Stage) -> dict[str, Any]:
    """Take over once more, now with what Fullhouse sold among the legacy data."""
    began = time.time()
    for phase in FORWARD:
        phase.work(stage)
    while not _sells(stage, "legacy", began):
        if time.time() - began > _PATIENCE_SECONDS:
            raise _does_not_sell("the legacy tables", "جدول‌های قدیمی")
        time.sleep(reverse.EVERY_SECONDS)
    return {"state": str(stage.run.state)}


def _sells(stage: Stage, side: Side, since: float) -> bool:
    """Tell whether every seller was at this side's till and served a customer since."""
    if stage.market is None:
        return True
    stage.market.check()
    return stage.market.serves(side, since)


def _does_not_sell(english: str, persian: str) -> MismatchError:
    return MismatchError(
        f"Not every seller sells through {english} after {_PATIENCE_SECONDS:.0f} seconds; the "
        "rehearsal would prove nothing about it.",
        f"پس از {_PATIENCE_SECONDS:.0f} ثانیه هنوز همهٔ فروشندگان از راه {persian} نمی‌فروشند و تمرین"
        " چیزی را ثابت نمی‌کند.",
    )


THERE_AND_BACK: Final = (
    Phase("cutover", cutover),
    Phase("sell", sell),
    Phase("rollback", rollback),
    Phase("again", again),
)
