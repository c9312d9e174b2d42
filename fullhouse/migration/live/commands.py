"""What an operator can ask of a live takeover; each is one call with the lease in its hand.

`fullhouse capacity_migration` calls these by name; each returns the run to report on.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Final

from django.db.models.functions import Now

from fullhouse.migration import runs
from fullhouse.migration import steps as offline
from fullhouse.migration.exit_codes import RefusedError
from fullhouse.migration.live import steps
from fullhouse.migration.live.capturable import require_capturable
from fullhouse.migration.live.numbers import is_live
from fullhouse.migration.live.throttle import Limits
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.progress import Watcher
from fullhouse.migration.runs import Order, State
from fullhouse.migration.steps import Runner, runner

_BEFORE: Final = (State.NEW, State.BACKED_UP, State.PLANNED)
_UNDER_WAY: Final = (State.EXPANDED, State.BACKFILLING, State.PAUSED)
#: Where the outbox is read: capture is on, and the legacy side is still the writer.
_CAPTURED: Final = (*_UNDER_WAY, State.BACKFILLED, State.VALIDATED)


def expand(order: Order, watcher: Watcher) -> MigrationRun:
    """Back up and plan if that is not done, and put capture on the legacy tables.

    Raises UndecidedError while questions are open; nothing is on the legacy tables then.
    """
    source = runs.load_source(order)
    with runner(order, source, runs.open_run(order, source), watcher) as work:
        _require(work.run, _BEFORE, "expand")
        _expand(work)
        return work.run


def backfill(order: Order, watcher: Watcher, limits: Limits | None = None) -> MigrationRun:
    """Make what is not made yet beside the sellers, throttled; `paused` if an operator says so."""
    with _existing(order, watcher) as work:
        _require_live(work.run, _UNDER_WAY, "backfill")
        _backfill(work, limits)
        return work.run


def pause(order: Order, watcher: Watcher) -> MigrationRun:
    """Ask the runner to stop after its batch; a run that nobody works on is `paused` at once.

    Takes no lease from a runner that is alive. What is captured meanwhile waits in the outbox.
    """
    run = runs.existing(order)
    if run.state == State.PAUSED:
        return run
    _require_live(run, (State.BACKFILLING,), "pause")
    rows = MigrationRun.objects.using(order.using).filter(pk=run.pk)
    rows.filter(state=State.BACKFILLING).update(paused_at=Now())
    if rows.filter(lease_until__gt=Now()).exists():
        watcher.say(
            f"Asked: {run.lease_holder} stops after its batch. Go on: fullhouse capacity_migration "
            f"resume --source {run.source} --schema {run.legacy_schema}",
            f"خواسته شد: {run.lease_holder} پس از دستهٔ کنونی می‌ایستد. ادامه: fullhouse"
            f" capacity_migration resume --source {run.source} --schema {run.legacy_schema}",
        )
        run.refresh_from_db(using=order.using)
        return run
    with runner(order, runs.load_source(order), run, watcher) as work:
        if work.run.state == State.BACKFILLING:
            work.move(State.PAUSED, "pause", {})
        return work.run


def resume(order: Order, watcher: Watcher, limits: Limits | None = None) -> MigrationRun:
    """Go on with a backfill that was paused or whose runner died."""
    with _existing(order, watcher) as work:
        _require_live(work.run, _UNDER_WAY, "resume")
        _backfill(work, limits)
        return work.run


def sync(order: Order, watcher: Watcher) -> MigrationRun:
    """Do one bounded pass over the outbox."""
    with _existing(order, watcher) as work:
        _require_live(work.run, _CAPTURED, "sync")
        steps.require_captured(work.run, using=order.using)
        steps.sync_once(work)
        return work.run


def run_live(order: Order, watcher: Watcher, limits: Limits | None = None) -> MigrationRun:
    """Do what is left of backup, plan, expand, backfill, sync and validate, beside the sellers.

    Raises UndecidedError before anything is on the legacy tables if questions are open,
    MismatchError if what is not in the outbox differs at the end. A pause ends it with 0.
    """
    source = runs.load_source(order)
    with runner(order, source, runs.open_run(order, source), watcher) as work:
        if work.run.state in _BEFORE:
            _expand(work)
        _require_live(work.run, _CAPTURED, "run --live")
        steps.require_captured(work.run, using=order.using)
        if work.run.state in _UNDER_WAY and not _backfill(work, limits):
            return work.run
        steps.catch_up(work)
        offline.validate(work)
        return work.run


def _existing(order: Order, watcher: Watcher) -> AbstractContextManager[Runner]:
    return runner(order, runs.load_source(order), runs.existing(order), watcher)


def _expand(work: Runner) -> None:
    """Back up once: a source that is written to is never again what was backed up."""
    require_capturable(work.source)
    if work.run.state == State.NEW:
        offline.back_up(work)
    if work.run.state != State.PLANNED or offline.plan_is_old(work):
        offline.plan(work)
    offline.apply_decisions(work)
    offline.check_plan_sha(work)
    offline.require_decided(work)
    steps.expand(work)


def _backfill(work: Runner, limits: Limits | None) -> bool:
    steps.require_captured(work.run, using=work.order.using)
    MigrationRun.objects.using(work.order.using).filter(pk=work.run.pk).update(paused_at=None)
    work.run.paused_at = None
    if steps.backfill(work, limits or Limits()):
        return True
    work.watcher.say(
        "Paused. Capture goes on; go on with: fullhouse capacity_migration resume --source "
        f"{work.run.source} --schema {work.run.legacy_schema}",
        "ایستاد. ثبت تغییرها ادامه دارد؛ ادامهٔ کار: fullhouse capacity_migration resume --source"
        f" {work.run.source} --schema {work.run.legacy_schema}",
    )
    return False


def _require_live(run: MigrationRun, states: tuple[State, ...], command: str) -> None:
    _require(run, states, command)
    if not is_live(run):
        raise RefusedError(
            f"This takeover of {run.legacy_schema!r} was begun for a source that stands still: "
            f"nothing captures what is sold meanwhile, so `{command}` is not for it. Finish it "
            "with `run`, or roll it back and begin with `run --live`.",
            f"این جابه‌جایی {run.legacy_schema!r} برای مبدأ ایستا آغاز شده و فروش‌های هم‌زمان ثبت"
            f" نمی‌شود؛ `{command}` برای آن نیست. با `run` به پایان ببرید، یا برگردانید و با"
            " `run --live` آغاز کنید.",
            state=str(run.state),
        )


def _require(run: MigrationRun, states: tuple[State, ...], command: str) -> None:
    if run.state in states:
        return
    raise RefusedError(
        f"`{command}` is not for a takeover that is {run.state!r}. See what comes next: fullhouse "
        f"capacity_migration status --schema {run.legacy_schema}",
        f"`{command}` در وضعیت {run.state!r} نابه‌جاست. گام بعدی: fullhouse capacity_migration"
        f" status --schema {run.legacy_schema}",
        state=str(run.state),
    )
