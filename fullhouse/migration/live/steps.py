"""The phases of a live takeover, done by a runner that holds the lease; `commands` calls them.

Every step leaves its state and an event behind when it is done, and nothing when it is not.
"""

from __future__ import annotations

import time
from typing import Any, Final

from django.utils import timezone

from fullhouse.migration.exit_codes import RefusedError, RetryError
from fullhouse.migration.live import capture, indexes, sync
from fullhouse.migration.live.backfill import LiveBackfill
from fullhouse.migration.live.backfill import backfill as make
from fullhouse.migration.live.numbers import Reporter
from fullhouse.migration.live.throttle import Limits
from fullhouse.migration.models import MigrationRun
from fullhouse.migration.runs import State
from fullhouse.migration.steps import Runner

#: After a backfill, passes are made until the outbox is this short, or this often. Not "until
#: empty": with sellers at work it never is, and what is left the cut-over drains.
SHORT_OUTBOX: Final = 500
MOST_PASSES: Final = 20
_SHOWN: Final = 20


def expand(work: Runner) -> None:
    """Put capture on the legacy tables, and indexes where they lack; the run is `expanded`.

    Raises RefusedError for a table that takes no triggers, RetryError for one that is never free;
    then nothing of it is left.
    """
    began = time.monotonic()
    run, using = work.run, work.order.using
    with work.phase("expand"):
        made, foreign = indexes.make(run, work.source, using=using)
        try:
            tables = capture.install(run, work.source, using=using)
        except BaseException:
            take_away(run, using=using)
            raise
    if foreign:
        names = ", ".join(foreign)
        work.watcher.say(
            f"No index by performance on {names}, and this user does not own it: each batch reads "
            "the whole table. Its owner may add one.",
            f"روی {names} نمایه‌ای برای اجرا نیست و این کاربر صاحب آن نیست: هر دسته همهٔ جدول را"
            " می‌خواند. صاحب آن می‌تواند بسازد.",
        )
    live = {"captured_at": timezone.now().isoformat(), "tables": tables, "indexes": made}
    detail = {"tables": tables, "indexes": made, "milliseconds": _since(began)}
    work.move(State.EXPANDED, "expand", detail, live=live)


def take_away(run: MigrationRun, *, using: str) -> None:
    """Take all of capture off the legacy side: triggers, functions, indexes, outbox rows."""
    capture.remove(run, using=using)
    indexes.remove(run, using=using)


def backfill(work: Runner, limits: Limits) -> bool:
    """Make what is not made yet; return False if an operator paused it.

    Raises RetryError if some units failed, the others being done.
    """
    began = time.monotonic()
    if work.run.state != State.BACKFILLING:
        phase = "resume" if work.run.state == State.PAUSED else "backfill"
        work.move(State.BACKFILLING, phase, {"plan_sha": work.run.plan_sha})
    with work.phase("backfill") as progress:
        done = make(
            work.run,
            using=work.order.using,
            source=work.source,
            limits=limits,
            progress=progress,
        )
    detail = _said(done, began)
    if done.paused:
        work.move(State.PAUSED, "pause", detail)
        return False
    if done.failed:
        raise _some_failed(work, done, detail)
    work.move(State.BACKFILLED, "backfill", detail)
    return True


def sync_once(work: Runner, limit: int = sync.LIMIT) -> sync.SyncResult:
    """Do one pass and leave its numbers and an event."""
    began = time.monotonic()
    with work.phase("sync") as progress:
        result = sync.sync_once(
            work.run,
            using=work.order.using,
            limit=limit,
            source=work.source,
            progress=progress,
        )
    reporter = Reporter(work.run, work.order.using)
    reporter.numbers.phase = "sync"
    reporter.numbers.units_done = reporter.numbers.units_total = result.units
    reporter.numbers.rows, reporter.numbers.outbox = result.seats, result.left
    reporter.write()
    detail: dict[str, Any] = {
        "read": result.read,
        "units": result.units,
        "seats": result.seats,
        "left": result.left,
        "milliseconds": _since(began),
    }
    if result.failed:
        detail["failed"] = list(result.failed[:_SHOWN])
    if result.read:
        work.note("sync", detail)
    return result


def catch_up(work: Runner) -> sync.SyncResult:
    """Do passes until the outbox is short, but no more than MOST_PASSES."""
    for _ in range(MOST_PASSES):
        result = sync_once(work)
        if result.left <= SHORT_OUTBOX:
            break
    return result


def require_captured(run: MigrationRun, *, using: str) -> None:
    """Raise RefusedError unless capture is on the legacy tables, as the run says it is."""
    if set(capture.installed(run, using=using)) >= set(run.live.get("tables", [""])):
        return
    raise RefusedError(
        f"Capture is no longer on the tables of {run.legacy_schema!r}: somebody took the triggers "
        "away, so what was sold since is not known. Roll back and begin anew: fullhouse "
        f"capacity_migration rollback --schema {run.legacy_schema}",
        f"تریگرهای ثبت تغییر دیگر روی جدول‌های {run.legacy_schema!r} نیست؛ کسی آن‌ها را برداشته و"
        " آنچه از آن پس فروخته شده دانسته نیست. برگردانید و از نو آغاز کنید: fullhouse"
        f" capacity_migration rollback --schema {run.legacy_schema}",
    )


def _said(done: LiveBackfill, began: float) -> dict[str, Any]:
    return {
        "units": done.units,
        "seats": done.seats,
        "waited_seconds": round(done.waited_seconds, 1),
        "milliseconds": _since(began),
    }


def _some_failed(work: Runner, done: LiveBackfill, detail: dict[str, Any]) -> RetryError:
    failed = [str(one) for one in done.failed[:_SHOWN]]
    work.note("backfill", detail | {"failed": failed})
    return RetryError(
        f"Some performances could not be made: {', '.join(failed)}. The others are. Run the same "
        "command again; `status` names the error of each.",
        f"برخی اجراها ساخته نشد: {'، '.join(failed)}. بقیه ساخته شد. همین فرمان را دوباره بدهید؛"
        " `status` خطای هر یک را می‌گوید.",
        failed=failed,
    )


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
