"""What an operator can ask once a takeover is proved: over, back, contract, purge.

`fullhouse capacity_migration` calls these; each returns the run to report on.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fullhouse.migration import runs
from fullhouse.migration.exit_codes import RefusedError, UsageError
from fullhouse.migration.live import (
    budget,
    cannot_hold,
    contract,
    cutover,
    purge,
    reverse,
    rollback_after,
)
from fullhouse.migration.live import commands as live
from fullhouse.migration.live.throttle import Limits
from fullhouse.migration.live.write_back import NOBODY
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.progress import Watcher
from fullhouse.migration.runs import OVER, Order, State
from fullhouse.migration.steps import Runner, runner


@dataclass(frozen=True, slots=True)
class Over:
    """What these commands take beyond an order. `follow`: keep writing back until stopped."""

    budget_ms: int = budget.DEFAULT_MS
    legacy_user: str = NOBODY
    confirm: str = ""
    follow: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.budget_ms <= 60_000:
            raise UsageError(
                "--budget-ms is 1 to 60,000: sellers wait for as long.",
                "--budget-ms از ۱ تا ۶۰٬۰۰۰ است: فروشندگان همین اندازه منتظر می‌مانند.",
            )


def cut_over(order: Order, watcher: Watcher, over: Over) -> MigrationRun:
    """Make Fullhouse the one that sells. See `cutover.cut_over`."""
    with _existing(order, watcher) as work:
        watcher.say(*cannot_hold.forecast(work.source))
        cutover.cut_over(work, budget_ms=over.budget_ms, legacy_user=over.legacy_user)
        return work.run


def run_over(
    order: Order, watcher: Watcher, over: Over, limits: Limits | None = None
) -> MigrationRun:
    """From backup to cut over in one go, beside the sellers."""
    run = runs.latest(order, runs.load_source(order))
    if run is not None and run.state in OVER:
        return run
    done = live.run_live(order, watcher, limits)
    return cut_over(order, watcher, over) if done.state == State.VALIDATED else done


def roll_back(order: Order, watcher: Watcher, over: Over) -> MigrationRun:
    """Give the authority back to the legacy side, or finish clearing after it was given back."""
    with _existing(order, watcher) as work:
        rollback_after.roll_back_after(work, budget_ms=over.budget_ms)
        return work.run


def sync_back(order: Order, watcher: Watcher, over: Over) -> MigrationRun:
    """Write back what Fullhouse sold: one pass, or until stopped (Ctrl-C, SIGTERM)."""
    with _existing(order, watcher) as work:
        _require_over(work.run)
        if not over.follow:
            done = reverse.sync_once(work.run, work.source, using=order.using)
            detail = {"units": done.units, "rows": done.rows, "left": done.left}
            if done.units:
                work.note("sync_back", detail)
            return work.run
        with reverse.writer(work.run, work.source, using=order.using) as back:
            reverse.follow(back, threading.Event())
        return work.run


def contract_run(order: Order, watcher: Watcher, over: Over) -> MigrationRun:
    """Move the legacy tables into the archive. See `contract.contract`."""
    with _existing(order, watcher) as work:
        contract.contract(work, budget_ms=over.budget_ms)
        return work.run


def purge_run(order: Order, watcher: Watcher, over: Over) -> MigrationRun:
    """Drop the archive. See `purge.purge`."""
    with _existing(order, watcher) as work:
        purge.purge(work, confirm=over.confirm)
        return work.run


@contextmanager
def _existing(order: Order, watcher: Watcher) -> Iterator[Runner]:
    source = runs.load_source(order)
    with runner(order, source, runs.existing(order), watcher) as work:
        yield work


def _require_over(run: MigrationRun) -> None:
    if run.state in OVER:
        return
    raise RefusedError(
        f"Writing back follows a cut-over, and this takeover is {run.state!r}.",
        f"بازنویسی پس از انتقال است و این جابه‌جایی {run.state!r} است.",
        state=str(run.state),
    )
