"""The work of each phase, done by a runner that holds the lease; `run` puts them in order.

Every step leaves its state and an event behind when it is done, and nothing when it is not.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fullhouse.migration import phases, runs
from fullhouse.migration.backup import Checksums, Difference, current_checksums, differences
from fullhouse.migration.backup.take import take_backup
from fullhouse.migration.exit_codes import (
    MismatchError,
    RefusedError,
    RetryError,
    UndecidedError,
)
from fullhouse.migration.lease import Renewal, held
from fullhouse.migration.live.numbers import is_live
from fullhouse.migration.models import Anomaly, MigrationRun, RunEvent
from fullhouse.migration.progress import Progress, Watcher
from fullhouse.migration.report.next_step import source_file
from fullhouse.migration.runs import OVER, Order, State
from fullhouse.migration.source import Source

_SHOWN: Final = 20
_KEPT: Final = 1000


@dataclass(slots=True)
class Runner:
    """One process at work on one run, with the lease in its hand."""

    run: MigrationRun
    order: Order
    source: Source
    watcher: Watcher
    renewal: Renewal
    actor: str

    @contextmanager
    def phase(self, name: str) -> Iterator[Progress]:
        """Show a phase's progress; the progress raises BusyError once the lease is lost."""
        self.renewal.raise_if_lost()
        with self.watcher.phase(name) as shown:

            def progress(done: int, total: int, rows: int) -> None:
                self.renewal.raise_if_lost()
                shown(done, total, rows)

            yield progress

    def move(self, to: State, phase: str, detail: dict[str, Any], **changes: Any) -> None:
        """Change the run's state and write the event."""
        phases.transition(
            self.run,
            to,
            phase=phase,
            actor=self.actor,
            detail=detail,
            using=self.order.using,
            **changes,
        )

    def note(self, phase: str, detail: dict[str, Any], **changes: Any) -> None:
        """Write an event that changes no state."""
        phases.record(
            self.run,
            phase=phase,
            actor=self.actor,
            detail=detail,
            using=self.order.using,
            **changes,
        )


@contextmanager
def runner(order: Order, source: Source, run: MigrationRun, watcher: Watcher) -> Iterator[Runner]:
    """Take the lease of `run` for the block. Raises BusyError if another runner is alive."""
    with held(run, using=order.using, notify=watcher.say) as renewal:
        yield Runner(run, order, source, watcher, renewal, runs.actor())


def changed_tables(run: MigrationRun, source: Source, *, using: str) -> list[Difference]:
    """Return the tables of the source that are not as they were when they were backed up."""
    before = Checksums.from_json(run.legacy_hashes)
    read = [name for name in source.tables() if name in before.tables]
    now = current_checksums(run.legacy_schema, tables=read, using=using)
    return differences(before, now, tables=read)


def back_up(work: Runner) -> None:
    """Take a proved backup; the run is `backed_up`, and a plan made before no longer counts."""
    began = time.monotonic()
    with work.phase("backup") as progress:
        made = take_backup(
            work.run,
            root=work.order.backup_dir,
            form=work.order.backup_form,
            using=work.order.using,
            progress=progress,
        )
    sums = made.manifest.checksums
    work.move(
        State.BACKED_UP,
        "backup",
        {
            "folder": str(made.folder),
            "form": made.manifest.form,
            "program": made.manifest.program,
            "bytes": made.bytes,
            "tables": len(sums.tables),
            "rows": sums.rows,
            "milliseconds": _since(began),
        },
        backup_path=str(made.folder),
        legacy_hashes=sums.to_json(),
        plan_sha="",
    )


def refresh_backup(work: Runner) -> None:
    """Back up unless the last backup is of these very data."""
    if work.run.state != State.NEW:
        changed = changed_tables(work.run, work.source, using=work.order.using)
        if not changed:
            return
        names = ", ".join(str(one) for one in changed)
        work.watcher.say(
            f"The legacy data changed since the last backup: {names}. Backing up again.",
            f"داده‌های قدیمی پس از پشتیبان پیشین تغییر کرده است: {names}. دوباره پشتیبان گرفته"
            " می‌شود.",
        )
    back_up(work)


def plan_is_old(work: Runner) -> bool:
    """Tell whether another --split is asked for, or the source's file is another than planned."""
    if work.order.split is not None and work.order.split != work.run.split:
        return True
    planned = RunEvent.objects.using(work.order.using).filter(
        run=work.run, phase="plan", detail__has_key="source_sha256"
    )
    last = planned.order_by("id").last()
    return last is not None and last.detail["source_sha256"] != _text_digest(work.source.text)


def plan(work: Runner) -> None:
    """Make the plan by the split asked for; its `plan_sha` is kept on the run."""
    from fullhouse.migration.plan import make_plan

    began = time.monotonic()
    split = work.order.split or work.run.split
    if split != work.run.split:
        work.note("plan", {"split": split}, split=split)
    with work.phase("plan") as progress:
        made = make_plan(work.run, using=work.order.using, progress=progress, source=work.source)
    kinds = Anomaly.objects.using(work.order.using).filter(run=work.run).values_list("kind")
    work.move(
        State.PLANNED,
        "plan",
        {
            "plan_sha": made.plan_sha,
            "source_sha256": _text_digest(work.source.text),
            **source_file(work.order.source),
            "units": made.units,
            "seats": made.seats,
            "anomalies": kinds.count(),
            "kinds": kinds.distinct().count(),
            "milliseconds": _since(began),
        },
        plan_sha=made.plan_sha,
    )


def apply_decisions(work: Runner) -> None:
    """Take the answers of the file and, if the order says so, every proposal."""
    from fullhouse.migration import decisions

    path = work.order.decisions
    if path is not None and not knows_decisions(work):
        decisions.apply_file(work.run, path, work.actor, using=work.order.using, source=work.source)
        work.note("decide", {"file": path.name, "sha256": _digest(path)})
        # A file may give a performance its sections outright, which is another plan.
        plan(work)
    if work.order.yes:
        accepted = decisions.accept_proposals(work.run, work.actor, using=work.order.using)
        if accepted:
            work.note("decide", {"accepted_proposals": int(accepted)})


def knows_decisions(work: Runner) -> bool:
    """Tell whether the order gives no decisions file, or the one that was applied last."""
    path = work.order.decisions
    if path is None:
        return True
    applied = RunEvent.objects.using(work.order.using).filter(
        run=work.run, phase="decide", detail__has_key="sha256"
    )
    last = applied.order_by("id").last()
    return last is not None and last.detail["sha256"] == _digest(path)


def check_plan_sha(work: Runner) -> None:
    """Raise RefusedError if the order names another plan than the run has."""
    asked, is_ = work.order.plan_sha, work.run.plan_sha
    if asked and asked != is_:
        raise RefusedError(
            f"The plan is not the one you approved: --plan-sha {asked}, but the plan is {is_}. "
            "Read the plan again (fullhouse capacity_migration plan) and give its number.",
            f"طرح همانی نیست که پذیرفته بودید: --plan-sha {asked} و شناسهٔ طرح {is_}. طرح را"
            " دوباره بخوانید (fullhouse capacity_migration plan) و شناسه‌اش را بدهید.",
            plan_sha=is_,
        )


def require_decided(work: Runner) -> None:
    """Raise UndecidedError while questions are open."""
    from fullhouse.migration.plan import open_questions

    count = len(open_questions(work.run, using=work.order.using))
    if count:
        command = f"--source {work.order.source} --schema {work.order.schema}"
        raise UndecidedError(
            f"{count:,} questions are open; nothing was made. Accept every proposal: fullhouse "
            f"capacity_migration run {command} --yes; or answer them in a file: --decisions FILE.",
            f"{count:,} پرسش بی‌پاسخ است و چیزی ساخته نشد. پذیرفتن همهٔ پیشنهادها: fullhouse"
            f" capacity_migration run {command} --yes؛ یا پاسخ در پرونده: --decisions FILE.",
            open_questions=count,
        )


def backfill(work: Runner) -> None:
    """Make what is not made yet; RetryError if some units failed, the others being done."""
    from fullhouse.migration.backfill import backfill as make

    began = time.monotonic()
    if work.run.state != State.BACKFILLING:
        work.move(State.BACKFILLING, "resume", {})
    with work.phase("backfill") as progress:
        done = make(
            work.run,
            using=work.order.using,
            progress=progress,
            workers=work.order.workers,
            source=work.source,
        )
    if done.failed:
        failed = [str(one) for one in list(done.failed)[:_SHOWN]]
        work.note("backfill", {"failed": failed, "milliseconds": _since(began)})
        raise RetryError(
            f"Some performances could not be made: {', '.join(failed)}. The others are. Run the "
            "same command again; the report names the error of each.",
            f"برخی اجراها ساخته نشد: {'، '.join(failed)}. بقیه ساخته شد. همین فرمان را دوباره"
            " اجرا کنید؛ خطای هر یک در گزارش است.",
            failed=failed,
        )
    detail = {"units": done.units, "seats": done.seats, "milliseconds": _since(began)}
    work.move(State.BACKFILLED, "backfill", detail)


def validate(work: Runner) -> None:
    """Compare both sides; MismatchError names what differs, and the run is not `validated`."""
    from fullhouse.migration.hashes import projection_hash
    from fullhouse.migration.validate import validate as compare

    began = time.monotonic()
    with work.phase("validate") as progress:
        outcome = compare(
            work.run,
            using=work.order.using,
            progress=progress,
            workers=work.order.workers,
            source=work.source,
            # Until the cut-over the sellers of the legacy side share the machine.
            gently=is_live(work.run) and work.run.state not in OVER,
        )
    mismatches = [str(one) for one in outcome.mismatches]
    detail = {
        "ok": bool(outcome.ok),
        "counts": {str(name): int(value) for name, value in dict(outcome.counts).items()},
        "mismatches": len(mismatches),
        "milliseconds": _since(began),
    }
    kept = {"mismatches": mismatches[:_KEPT]}
    if outcome.ok:
        digest = projection_hash(work.run, using=work.order.using)
        work.move(State.VALIDATED, "validate", detail | {"projection_sha256": digest}, report=kept)
        return
    if work.run.state == State.VALIDATED:
        work.move(State.BACKFILLED, "validate", detail, report=kept)
    else:
        work.note("validate", detail, report=kept)
    shown = "\n  ".join(mismatches[:_SHOWN])
    raise MismatchError(
        f"The two sides differ ({len(mismatches):,} places named):\n  {shown}\nIf Fullhouse has "
        "not sold since: roll back (fullhouse capacity_migration rollback) and run again.",
        f"دو سو یکی نیستند ({len(mismatches):,} مورد، بالا). اگر فول‌هاوس از آن پس نفروخته است:"
        " با rollback برگردید و دوباره اجرا کنید.",
        mismatches=mismatches[:_SHOWN],
    )


def _text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
