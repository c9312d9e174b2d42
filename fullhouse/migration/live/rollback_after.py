"""The way back after the cut-over: the legacy system sells again, with every sale of Fullhouse.

The same steps as on the way over with the direction swapped, in one short transaction: sellers
out, drain, verify, swap the fences, state. Lock order: Fullhouse's ledger, the legacy tables by
name, unit rows, legacy rows, the run's row last. What Fullhouse had is archived and removed after
it, while the legacy system sells already.
"""

from __future__ import annotations

from typing import Any, Final

from fullhouse.migration import lease, phases
from fullhouse.migration.exit_codes import RefusedError
from fullhouse.migration.live import (
    archive,
    budget,
    cannot_hold,
    contract,
    fence,
    over_guards,
    own_triggers,
    places,
    read_back,
    reverse,
    reverse_capture,
    steps,
)
from fullhouse.migration.live.budget import Budget, Held
from fullhouse.migration.live.reverse import Writer
from fullhouse.migration.runs import OVER, State
from fullhouse.migration.steps import Runner

#: Just before the lock: so many passes, or until the outbox is this short or shrinks no more.
_PASSES: Final = 8
_FEW: Final = 10


def roll_back_after(work: Runner, *, budget_ms: int = budget.DEFAULT_MS) -> Held | None:
    """Give the authority back to the legacy side, then clear what is left of Fullhouse's.

    A run that is rolled back already is only cleared. Raises RefusedError if sales would be lost
    that the legacy tables cannot hold (`--yes` accepts that; they stay in Fullhouse) or after a
    purge, MismatchError if what was written back reads otherwise, RetryError over the budget; in
    all of them Fullhouse sells on.
    """
    held = None
    if work.run.state in OVER:
        held = _go_back(work, budget_ms)
    clear(work)
    return held


def _go_back(work: Runner, budget_ms: int) -> Held:
    run, using = work.run, work.order.using
    contract.require_not_purged(run, using=using)
    lost = cannot_hold.cannot_hold(run, work.source, using=using)
    _show(work, lost)
    with work.phase("rollback"):
        over_guards.require_no_old_transaction(using)
        with reverse.writer(run, work.source, using=using) as back:
            at = places.current_schema(run)
            tables = places.legacy_tables(back.session.cursor, work.source, at)
            excused = {row for one in lost if one.places for row in one.rows}

            reverse.one_pass(back)
            read_back.check_all(back, excused)

            def inside(left: Budget) -> int:
                work.renewal.raise_if_lost()
                return _inside(work, back, tables, left, excused)

            units, held = budget.within_budget(
                inside,
                "rollback",
                using=using,
                budget_ms=budget_ms,
                before=lambda: _last_passes(back),
            )
    run.refresh_from_db(using=using)
    work.note(
        "rollback",
        {"held_ms": held.milliseconds, "steps": held.steps, "try": held.attempt, "units": units},
    )
    work.watcher.say(
        f"The legacy system sells again. Sellers waited {held.milliseconds:.0f} ms; {units:,} "
        "performances were written back in between.",
        f"سامانهٔ قدیمی دوباره می‌فروشد. فروشندگان {held.milliseconds:.0f} میلی‌ثانیه منتظر ماندند و"
        f" {units:,} اجرا در این میان بازنوشته شد.",
    )
    return held


def _last_passes(back: Writer) -> None:
    """Leave little for the lock: each pass is shorter, so less is sold during the next."""
    before = reverse.LIMIT
    for _ in range(_PASSES):
        left = reverse.one_pass(back).left
        if left <= _FEW or left >= before:
            return
        before = left


def _inside(
    work: Runner,
    back: Writer,
    tables: list[places.Table],
    left: Budget,
    excused: set[str],
) -> int:
    run, cursor = work.run, back.session.cursor
    left.step("lock")
    lease.check(run, using=work.order.using)
    reverse_capture.lock_sellers(cursor)
    places.lock_against_writers(cursor, tables)
    left.step("drain")
    units = reverse.drain(back)
    left.step("verify")
    if units:
        read_back.check_drained(back, excused)
    left.step("swap")
    # Pending checks of the legacy side's own keys would keep its triggers from being switched.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    fence.open_legacy(cursor, run)
    fence.put_up_own(cursor, run)
    if run.state == State.CONTRACTED:
        contract.move_back(cursor, run)
    left.step("state")
    _to_rolled_back(work, {"units": units, "steps": dict(left.steps)})
    return units


def _to_rolled_back(work: Runner, detail: dict[str, Any]) -> None:
    """Change the state; the run in memory changes only once the transaction is committed."""
    run = work.run
    was = run.state
    phases.transition(
        run,
        State.ROLLED_BACK,
        phase="rollback",
        actor=work.actor,
        detail=detail,
        using=work.order.using,
    )
    run.state = was


def clear(work: Runner) -> None:
    """Take away what a way back leaves: switched-off triggers, indexes, Fullhouse's rows.

    Again is safe. Raises RetryError if a table is never free; the legacy system sells meanwhile.
    """
    run, using = work.run, work.order.using
    own_triggers.remove(f"{fence.prefix(run)}legacy", using=using)
    steps.take_away(run, using=using)
    reverse_capture.remove(run, using=using)
    with work.phase("remove") as progress:
        archived = archive.archive_and_remove(run, using=using, progress=progress)
    fence.remove(run, using=using)
    if archived:
        work.note("archive", {"performances": list(archived)})
        work.watcher.say(
            f"Fullhouse had moved places itself in {len(archived):,} performances. Those sales are "
            "in the legacy tables now; Fullhouse's own rows of them, ledger and all, are in its "
            "archive (capacity_migration_archivedrow) under this run.",
            f"فول‌هاوس در {len(archived):,} اجرا خود جابه‌جایی داشت. آن فروش‌ها اکنون در جدول‌های"
            " قدیمی است و ردیف‌های فول‌هاوس با دفتر کل در بایگانی این اجرا"
            " (capacity_migration_archivedrow) مانده است.",
        )


def _show(work: Runner, lost: tuple[cannot_hold.Loss, ...]) -> None:
    """Say what the legacy tables cannot hold and keep it; refuse if sales are among it."""
    if not lost:
        return
    work.note("cannot_hold", {"losses": [one.to_json() for one in lost]})
    work.watcher.say(
        "The legacy tables cannot hold:\n  " + "\n  ".join(one.english for one in lost),
        "جدول‌های قدیمی این‌ها را نمی‌توانند نگه دارند:\n  "
        + "\n  ".join(one.persian for one in lost),
    )
    sold = sum(one.places for one in lost)
    if sold and not work.order.yes:
        raise RefusedError(
            f"{sold:,} places that Fullhouse sold or holds are in performances that the legacy "
            "tables cannot hold (listed above). They would be known to Fullhouse only. Move or "
            "refund them, or say --yes to leave them there.",
            f"{sold:,} جای فروخته یا نگه‌داشته در اجراهایی است که جدول‌های قدیمی نمی‌توانند نگه دارند"
            " (فهرست بالا) و تنها در فول‌هاوس می‌ماند. آن‌ها را جابه‌جا یا بازپرداخت کنید، یا با --yes"
            " بپذیرید.",
            places=sold,
        )
