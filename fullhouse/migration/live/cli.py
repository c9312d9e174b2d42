"""The words of a live takeover on the command line; the command itself only passes them on."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, Final

from fullhouse.migration import runs
from fullhouse.migration.exit_codes import UsageError
from fullhouse.migration.live import commands, view
from fullhouse.migration.live.numbers import is_live
from fullhouse.migration.live.throttle import Limits
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.progress import Watcher
from fullhouse.migration.runs import CLOSED, Order

ACTIONS: Final = {
    "expand": "Put capture on the legacy tables: from then on every change is marked.",
    "backfill": "Make what is not made yet while the legacy system sells.",
    "pause": "Ask the runner to stop after its batch; capture goes on.",
    "resume": "Go on with a backfill that was paused.",
    "sync": "One pass: make anew what changed since.",
}
#: Those that take the same arguments as `plan`.
PLANNING: Final = ("expand",)
_THROTTLED: Final = ("run", "backfill", "resume")


def add_arguments(parser: ArgumentParser, action: str) -> None:
    """Add what a live takeover has beyond the common arguments."""
    if action == "run":
        parser.add_argument(
            "--live",
            action="store_true",
            help="the legacy system sells meanwhile: capture and sync",
        )
    if action == "status":
        parser.add_argument(
            "--watch", action="store_true", help="show the numbers until no runner is at work"
        )
    if action not in _THROTTLED:
        return
    least = Limits()
    for name, kind, default, text in (
        ("--nice", float, least.nice, "seconds of rest a second of work"),
        ("--max-lock-waiters", int, least.lock_waiters, "rest while more sessions wait for locks"),
        ("--max-replica-lag", float, least.replica_lag_seconds, "rest beyond, in seconds"),
        (
            "--max-transaction-age",
            float,
            least.oldest_transaction_seconds,
            "rest while one is older, in seconds",
        ),
    ):
        parser.add_argument(
            name, type=kind, default=default, metavar="N", help=f"{text} (default: {default})"
        )


def concerns(action: str, order: Order, options: dict[str, Any]) -> bool:
    """Tell whether an action is a live one: by its name, by --live, or because the run is."""
    if action in ACTIONS or options.get("live") or options.get("watch"):
        return True
    if action != "run" or options.get("again"):
        return False
    found = runs.known(order)
    return found is not None and found.state not in CLOSED and is_live(found)


def act(action: str, order: Order, watcher: Watcher, options: dict[str, Any]) -> MigrationRun:
    """Do a live action and return the run to report on. Raises UsageError, and what it raises."""
    if action == "status":
        return view.watch(order)
    if action in ("expand", "pause", "sync"):
        done: MigrationRun = getattr(commands, action)(order, watcher)
        return done
    if order.again:
        raise UsageError(
            "--again and --live do not go together: roll back first (fullhouse capacity_migration "
            "rollback), then begin anew.",
            "--again با --live به کار نمی‌رود: نخست rollback کنید و سپس از نو آغاز کنید.",
        )
    limits = limits_of(options)
    if action == "backfill":
        return commands.backfill(order, watcher, limits)
    if action == "resume":
        return commands.resume(order, watcher, limits)
    return commands.run_live(order, watcher, limits)


def limits_of(options: dict[str, Any]) -> Limits:
    """Return the limits that the options ask for. Raises UsageError."""
    limits = Limits(
        oldest_transaction_seconds=options["max_transaction_age"],
        lock_waiters=options["max_lock_waiters"],
        replica_lag_seconds=options["max_replica_lag"],
        nice=options["nice"],
    )
    if not 0 <= limits.nice <= 100:
        raise UsageError("--nice is 0 to 100.", "--nice از ۰ تا ۱۰۰ است.")
    return limits
