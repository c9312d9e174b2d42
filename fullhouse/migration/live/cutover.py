"""The cut-over: in one short transaction Fullhouse becomes the one that sells.

Lock order: the legacy tables by name, unit rows, the rows of the drained units as in a sync pass,
then Fullhouse's performances and ledger (to put reverse capture on), the run's row last. What is
left of the outbox is drained under the lock by a crew, in transactions of their own: a pass like
any other, which stands if the cut-over is taken back. Over its budget, or with anything unlike,
everything else is taken back and the legacy system sells on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import Error

from fullhouse.migration import lease, phases
from fullhouse.migration.exit_codes import RetryError
from fullhouse.migration.live import (
    budget,
    draining,
    fence,
    over_guards,
    own_triggers,
    places,
    project,
    reverse,
    reverse_capture,
    steps,
    triggers,
    write_back,
)
from fullhouse.migration.live.budget import Budget, Held
from fullhouse.migration.live.crew import Crew, crew
from fullhouse.migration.models import Outbox
from fullhouse.migration.runs import State
from fullhouse.migration.session import Session, opened
from fullhouse.migration.steps import Runner

_TABLES: Final = ("validate/00_tables.sql",)
#: Readers wait a moment behind each try to drop a trigger; one that does nothing is not worth more.
_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class CutOver:
    """What the cut-over did: the units drained inside it, and how long sellers waited."""

    units: int
    held: Held


def cut_over(
    work: Runner, *, budget_ms: int = budget.DEFAULT_MS, legacy_user: str = write_back.NOBODY
) -> CutOver:
    """Make Fullhouse the one that sells; the legacy tables refuse writers from then on.

    `legacy_user` owns the bookings that will be written back for buyers whom the legacy side does
    not know. Raises RefusedError, UndecidedError (guards; nothing was locked), MismatchError (both
    sides differ; taken back), RetryError (not within `budget_ms`; taken back).
    """
    steps.catch_up(work)
    over_guards.check_cut_over(work)
    run, using = work.run, work.order.using
    reverse.require_way_back(run, work.source, using=using)
    with (
        work.phase("cutover"),
        crew(
            run, using=using, source=work.source, hands=work.order.workers, files=_TABLES
        ) as hands,
        opened(run, using=using, source=work.source) as session,
    ):
        project.prepare(session)
        for name in _TABLES:
            session.execute(name)
        tables = places.legacy_tables(session.cursor, work.source, run.legacy_schema)

        pace = draining.Pace()

        def inside(left: Budget) -> int:
            work.renewal.raise_if_lost()
            return _inside(work, session, hands, tables, left, legacy_user, pace)

        def before() -> None:
            pace.holds = 0
            draining.shorten(session, hands)

        units, held = budget.within_budget(
            inside,
            "cut-over",
            using=using,
            budget_ms=budget_ms,
            before=before,
        )
    run.refresh_from_db(using=using)
    _say(work, units, held)
    _clear(work)
    return CutOver(units, held)


def _inside(
    work: Runner,
    session: Session,
    hands: Crew,
    tables: list[places.Table],
    left: Budget,
    legacy_user: str,
    pace: draining.Pace,
) -> int:
    run, cursor = work.run, session.cursor
    left.step("lock")
    lease.check(run, using=work.order.using)
    places.lock_against_writers(cursor, tables)
    left.step("drain")
    units = draining.drain(session, hands, left, pace)
    left.step("verify")
    draining.verify_sums(session)
    left.step("swap")
    # What is deferred is checked now, inside the budget, and not by the commit.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    places.switch_triggers(cursor, triggers.prefix(run.pk), on=False)
    fence.put_up(cursor, run, tables)
    left.step("reverse capture")
    reverse_capture.install(cursor, run)
    marks = Outbox.objects.using(work.order.using).filter(run_id=run.pk)
    marks.filter(direction=Outbox.Direction.REVERSE).delete()
    left.step("state")
    detail = {"units": units, "steps": dict(left.steps), "legacy_user": legacy_user}
    _to_cut_over(work, detail)
    return units


def _to_cut_over(work: Runner, detail: dict[str, Any]) -> None:
    """Change the state; the run in memory changes only once the transaction is committed."""
    run = work.run
    was = run.state
    phases.transition(
        run,
        State.CUT_OVER,
        phase="cutover",
        actor=work.actor,
        detail=detail,
        using=work.order.using,
    )
    run.state = was


def _say(work: Runner, units: int, held: Held) -> None:
    work.note(
        "cutover",
        {
            "held_ms": held.milliseconds,
            "holds_ms": list(held.holds),
            "steps": held.steps,
            "try": held.attempt,
        },
    )
    work.watcher.say(
        f"Fullhouse sells now. Sellers waited {held.milliseconds:.0f} ms; {units:,} performances "
        "were drained in between. Old processes get SQLSTATE FHF01 and can go on reading.",
        f"از این پس فول‌هاوس می‌فروشد. فروشندگان {held.milliseconds:.0f} میلی‌ثانیه منتظر ماندند و"
        f" {units:,} اجرا در این میان به‌روز شد. فرایندهای قدیمی FHF01 می‌گیرند و خواندن آزاد است.",
    )


def _clear(work: Runner) -> None:
    """Take the sleeping capture triggers away; they do nothing any more, so a failure can wait."""
    try:
        own_triggers.remove(triggers.prefix(work.run.pk), using=work.order.using, attempts=_TRIES)
    except (Error, RetryError) as error:
        work.watcher.say(
            f"The switched-off capture triggers are still on the legacy tables: {error} They do "
            "nothing; rollback and purge take them away.",
            "تریگرهای خاموش ثبت تغییر هنوز روی جدول‌های قدیمی است؛ کاری نمی‌کنند و rollback و purge"
            " آن‌ها را برمی‌دارند.",
        )
