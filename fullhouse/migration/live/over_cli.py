"""The words of cut-over, way back, contract and purge on the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, Final

from fullhouse.migration import runs
from fullhouse.migration.live import budget, cannot_hold, cli, commands_over
from fullhouse.migration.live.commands_over import Over
from fullhouse.migration.live.write_back import NOBODY
from fullhouse.migration.models import MigrationRun, RunEvent
from fullhouse.migration.progress import Watcher
from fullhouse.migration.runs import OVER, Order, State
from fullhouse.migration.source.live import lack

ACTIONS: Final = {
    "cutover": "Make Fullhouse the one that sells, in one short transaction.",
    "contract": "After a soak: move the legacy tables into an archive; rollback fetches them back.",
    "purge": "Drop the archive for good, after a backup that was restored.",
}
#: Those that take the arguments of a backup.
BACKED_UP: Final = ("contract", "purge")
_SHORT: Final = ("run", "cutover", "rollback", "contract")


def add_arguments(parser: ArgumentParser, action: str) -> None:
    """Add what these actions take beyond the common arguments."""
    if action == "run":
        parser.add_argument(
            "--cutover", action="store_true", help="with --live: cut over once it is validated"
        )
    if action in _SHORT:
        parser.add_argument(
            "--budget-ms",
            type=int,
            default=budget.DEFAULT_MS,
            metavar="MS",
            help=f"sellers wait no longer; beyond it all is taken back ({budget.DEFAULT_MS})",
        )
    if action in ("run", "cutover"):
        parser.add_argument(
            "--legacy-user",
            default=NOBODY,
            metavar="ID",
            help="whose the legacy bookings of unknown buyers are (default: the zero UUID)",
        )
    if action in ("cutover", "contract"):
        parser.add_argument("--plan-sha", default="", metavar="SHA", help="the plan that is meant")
    if action == "sync":
        parser.add_argument(
            "--follow", action="store_true", help="after a cut-over: write back until stopped"
        )
    if action == "purge":
        parser.add_argument(
            "--confirm", default="", metavar="WORDS", help="'purge SCHEMA', typed in full"
        )


def concerns(action: str, order: Order, options: dict[str, Any]) -> bool:
    """Tell whether an action is one of these: by its name, by --cutover, or by the run's state."""
    if action in ACTIONS or options.get("cutover"):
        return True
    if action not in ("rollback", "sync"):
        return False
    found = runs.known(order)
    if found is None:
        return False
    if action == "rollback" and found.state == State.ROLLED_BACK:
        events = RunEvent.objects.using(order.using).filter(run=found)
        return events.filter(to_state=State.CUT_OVER).exists()
    return found.state in OVER


def foretell(action: str, order: Order, watcher: Watcher) -> None:
    """With a plan, say what a way back after the cut-over could not bring back."""
    if action != "plan":
        return
    source = runs.load_source(order)
    lacking = lack(source)
    if lacking is None:
        watcher.say(*cannot_hold.forecast(source))
    else:
        watcher.say(
            f"No live takeover of this source: {lacking.en}",
            f"این مبدأ هنگام فروش جابه‌جا نمی‌شود: {lacking.fa}",
        )


def act(action: str, order: Order, watcher: Watcher, options: dict[str, Any]) -> MigrationRun:
    """Do the action and return the run to report on."""
    over = Over(
        budget_ms=options.get("budget_ms", budget.DEFAULT_MS),
        legacy_user=options.get("legacy_user", NOBODY),
        confirm=options.get("confirm", ""),
        follow=bool(options.get("follow")),
    )
    if action == "run":
        return commands_over.run_over(order, watcher, over, cli.limits_of(options))
    calls = {
        "cutover": commands_over.cut_over,
        "rollback": commands_over.roll_back,
        "sync": commands_over.sync_back,
        "contract": commands_over.contract_run,
        "purge": commands_over.purge_run,
    }
    return calls[action](order, watcher, over)
