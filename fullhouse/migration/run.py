"""From a legacy schema to proved tables, in one go or phase by phase; begun again it goes on.

Each phase leaves its state on the run's row when it is done, so a run that was killed continues
with the phase that it was in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from fullhouse.migration import runs, steps
from fullhouse.migration.exit_codes import MismatchError, RefusedError, UsageError
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.progress import Watcher
from fullhouse.migration.rollback import rollback
from fullhouse.migration.runs import CLOSED, OVER, Order, State
from fullhouse.migration.steps import Runner, runner

_BEFORE_BACKFILL: Final = (State.NEW, State.BACKED_UP, State.PLANNED)


def backup(order: Order, watcher: Watcher) -> MigrationRun:
    """Back up and prove it; a run that is planned goes back to `backed_up`."""
    with _opened(order, watcher) as work:
        _require(work, _BEFORE_BACKFILL, "backup")
        steps.back_up(work)
        return work.run


def plan(order: Order, watcher: Watcher) -> MigrationRun:
    """Back up if that is not done or out of date, and plan; nothing is made in the new tables."""
    with _opened(order, watcher) as work:
        _require(work, _BEFORE_BACKFILL, "plan")
        steps.refresh_backup(work)
        steps.plan(work)
        steps.apply_decisions(work)
        steps.check_plan_sha(work)
        return work.run


def run(order: Order, watcher: Watcher) -> MigrationRun:
    """Do what is left of backup, plan, backfill and validate.

    Raises UndecidedError before anything is made if questions are open, MismatchError if both
    sides differ at the end, RefusedError if the legacy data changed after places were made.
    """
    if order.again:
        _roll_back(order, watcher)
    with _opened(order, watcher) as work:
        if work.run.state in OVER:
            _require(work, (), "run")
        if work.run.state in _BEFORE_BACKFILL:
            steps.refresh_backup(work)
            if work.run.state != State.PLANNED or steps.plan_is_old(work):
                steps.plan(work)
            steps.apply_decisions(work)
            steps.check_plan_sha(work)
            steps.require_decided(work)
            work.move(State.BACKFILLING, "backfill", {"plan_sha": work.run.plan_sha})
        else:
            _refuse_late_orders(work)
            _refuse_changed_source(work)
        if work.run.state in (State.BACKFILLING, State.PAUSED, State.EXPANDED):
            steps.backfill(work)
        elif work.run.state == State.VALIDATED and _sells(work):
            return work.run
        steps.validate(work)
        return work.run


def validate(order: Order, watcher: Watcher) -> MigrationRun:
    """Compare both sides again. Raises MismatchError with the rows that differ."""
    source = runs.load_source(order)
    found = runs.existing(order)
    with runner(order, source, found, watcher) as work:
        _require(work, (State.BACKFILLED, State.VALIDATED), "validate")
        steps.validate(work)
        return work.run


def _roll_back(order: Order, watcher: Watcher) -> None:
    found = runs.latest(order, runs.load_source(order))
    if found is not None and found.state not in CLOSED:
        try:
            rollback(order, watcher)
        except MismatchError as error:
            # That the legacy data changed is why one says --again.
            watcher.say(error.english, error.persian)


@contextmanager
def _opened(order: Order, watcher: Watcher) -> Iterator[Runner]:
    source = runs.load_source(order)
    if order.decisions is not None and not order.decisions.is_file():
        raise UsageError(
            f"No such file: {order.decisions} (--decisions).",
            f"چنین پرونده‌ای نیست: {order.decisions} (--decisions).",
        )
    with runner(order, source, runs.open_run(order, source), watcher) as work:
        yield work


def _require(work: Runner, states: tuple[State, ...], command: str) -> None:
    if work.run.state in states:
        return
    state = work.run.state
    raise RefusedError(
        f"`{command}` is not for a takeover that is {state!r}. See what comes next: fullhouse "
        f"capacity_migration status --schema {work.order.schema}",
        f"`{command}` در وضعیت {state!r} نابه‌جاست. گام بعدی را ببینید: fullhouse"
        f" capacity_migration status --schema {work.order.schema}",
        state=state,
    )


def _refuse_late_orders(work: Runner) -> None:
    """Refuse answers that come after the places were made by other ones."""
    steps.check_plan_sha(work)
    if steps.plan_is_old(work) or not steps.knows_decisions(work):
        raise RefusedError(
            f"This takeover is {work.run.state!r} by its plan; other decisions, another --split or "
            "source need a new one: roll it back first, or say --again.",
            f"این جابه‌جایی با طرح خود به وضعیت {work.run.state!r} رسیده است؛ برای تصمیم، مبدأ یا"
            " --split دیگر، نخست rollback کنید یا --again بدهید.",
        )


def _refuse_changed_source(work: Runner) -> None:
    changed = steps.changed_tables(work.run, work.source, using=work.order.using)
    if changed:
        names = ", ".join(str(one) for one in changed)
        raise RefusedError(
            f"The legacy data changed since they were taken over: {names}. Fullhouse holds them as "
            "they were at the backup. To take them over anew: the same command with --again "
            "(it rolls back first).",
            f"داده‌های قدیمی پس از جابه‌جایی تغییر کرده است: {names}. فول‌هاوس آن‌ها را همان‌گونه"
            " که در پشتیبان بود دارد. برای جابه‌جایی از نو همین فرمان را با --again بدهید.",
            tables=[one.table for one in changed],
        )


def _sells(work: Runner) -> bool:
    """Tell whether Fullhouse itself moved places since: then both sides differ rightly."""
    moved = runs.own_movements(work.run, using=work.order.using)
    if moved:
        work.watcher.say(
            f"Already validated. Fullhouse has made {moved:,} movements of its own since, so the "
            "two sides are not compared again; `fullhouse capacity audit` proves the present.",
            f"پیش‌تر درستی‌سنجی شده است. فول‌هاوس از آن پس {moved:,} گردش از خود داشته، پس دو"
            " سو دوباره سنجیده نمی‌شوند؛ `fullhouse capacity audit` اکنون را می‌سنجد.",
        )
    return bool(moved)
