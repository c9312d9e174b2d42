"""What may be asked of a takeover in its state: each is a command, with the words that confirm it.

The console offers; the command decides. A guard of `capacity_migration` that refuses says so in
the job's output, exactly as in a terminal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fullhouse.migration.live.numbers import is_live
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.report.next_step import is_purged

State = MigrationRun.State


@dataclass(frozen=True, slots=True)
class OrderKind:
    """An order: its command, what a button calls it, what it does.

    `words`: what must be typed before it is given, the legacy schema following; '' for nothing.
    """

    name: str
    command: str
    label: str | Promise
    says: str | Promise
    arguments: Callable[[MigrationRun], list[str]] = lambda _run: []
    words: str = ""

    def confirmation(self, run: MigrationRun) -> str:
        """Return what must be typed to give this order, or ''."""
        return f"{self.words} {run.legacy_schema}" if self.words else ""


def _plan_sha(run: MigrationRun) -> list[str]:
    return ["--plan-sha", run.plan_sha]


_PLAN: Final = OrderKind(
    "plan",
    "plan",
    _("Make the plan"),
    _("Reads the legacy tables and lists every contradiction. Changes nothing."),
)
_RUN: Final = OrderKind(
    "run",
    "run",
    _("Take over, standing still"),
    _("Makes the places and proves them. For a legacy system that does not sell meanwhile."),
    words="take over",
)
_RUN_LIVE: Final = OrderKind(
    "run-live",
    "run",
    _("Take over while it sells"),
    _("Puts capture on the legacy tables, makes the places beside the sellers, and proves them."),
    lambda _run: ["--live"],
    words="take over",
)
_GO_ON: Final = OrderKind(
    "go-on",
    "run",
    _("Go on"),
    _("Goes on where the last runner stopped."),
    lambda run: ["--live"] if is_live(run) else [],
)
_PAUSE: Final = OrderKind(
    "pause",
    "pause",
    _("Pause"),
    _("The runner stops after its batch. What is sold meanwhile is still captured."),
)
_RESUME: Final = OrderKind("resume", "resume", _("Resume"), _("Goes on with what was paused."))
_VALIDATE: Final = OrderKind(
    "validate", "validate", _("Compare both sides"), _("Compares every place again.")
)
_SYNC: Final = OrderKind(
    "sync", "sync", _("Catch up"), _("One pass: makes anew what changed since.")
)
_WRITE_BACK: Final = OrderKind(
    "write-back",
    "sync",
    _("Write back"),
    _("One pass: writes what Fullhouse sold into the legacy tables."),
)
_CUT_OVER: Final = OrderKind(
    "cutover",
    "cutover",
    _("Cut over"),
    _(
        "Fullhouse becomes the one that sells, in one short transaction. Where it takes longer "
        "than its budget, all of it is taken back and the legacy system sells on."
    ),
    _plan_sha,
    words="cut over",
)
_CONTRACT: Final = OrderKind(
    "contract",
    "contract",
    _("Contract"),
    _("Moves the legacy tables into an archive. Rolling back fetches them from there."),
    _plan_sha,
    words="contract",
)
_ROLLBACK: Final = OrderKind(
    "rollback",
    "rollback",
    _("Roll back"),
    _("Removes what was made and proves that the legacy schema is as it was."),
    words="roll back",
)
_BACK_AFTER: Final = OrderKind(
    "rollback",
    "rollback",
    _("Roll back"),
    _("The legacy system sells again, with every sale made since."),
    words="roll back",
)


def open_orders(run: MigrationRun) -> list[OrderKind]:
    """Return what may be asked now, the most likely first; the way back is the last."""
    state = State(run.state)
    live = is_live(run)
    if state in (State.NEW, State.BACKED_UP, State.PLANNED):
        first = [_RUN_LIVE, _RUN] if state == State.PLANNED else []
        return [*first, _PLAN, _ROLLBACK]
    if state in (State.CUT_OVER, State.CONTRACTED):
        if is_purged(run):
            return []
        contract = [_CONTRACT] if state == State.CUT_OVER else []
        return [_WRITE_BACK, *contract, _BACK_AFTER]
    offered = {
        State.EXPANDED: [_GO_ON],
        State.BACKFILLING: [_PAUSE, _GO_ON] if live else [_GO_ON],
        State.PAUSED: [_RESUME],
        State.BACKFILLED: [_GO_ON],
        State.VALIDATED: [_CUT_OVER, _SYNC, _VALIDATE] if live else [_VALIDATE],
        State.ROLLED_BACK: [_PLAN],
    }[state]
    return offered if state == State.ROLLED_BACK else [*offered, _ROLLBACK]


def order_named(run: MigrationRun, name: str) -> OrderKind | None:
    """Return the order of that name if it may be given now."""
    return next((one for one in open_orders(run) if one.name == name), None)
