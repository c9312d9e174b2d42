"""What to do next in each state, in English and Persian, with the command."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS

from fullhouse.migration.exit_codes import ExitCode
from fullhouse.migration.live.numbers import is_live
from fullhouse.migration.models import Anomaly, MigrationRun, RunEvent
from fullhouse.migration.runs import Order

State = MigrationRun.State
Step = tuple[str, str, str]

_STATUS: Final[Step] = ("See where it stands", "دیدن وضعیت", "status")
_ROLLBACK: Final[Step] = (
    "Go back: the legacy system sells again, with every sale made since",
    "بازگشت: سامانهٔ قدیمی دوباره می‌فروشد، با همهٔ فروش‌های پس از انتقال",
    "rollback",
)
_NEXT: Final[dict[State, Step]] = {
    State.NEW: ("Back up, plan and take over", "پشتیبان، طرح و جابه‌جایی", "run"),
    State.BACKED_UP: ("See the plan", "دیدن طرح", "plan"),
    State.PLANNED: (
        "Answer the open questions, then take over (--yes accepts every proposal)",
        "پاسخ پرسش‌ها و سپس جابه‌جایی (--yes همهٔ پیشنهادها را می‌پذیرد)",
        "run",
    ),
    State.EXPANDED: ("Go on", "ادامه", "run"),
    State.BACKFILLING: ("Go on from where it stopped", "ادامه از همان‌جا که ایستاد", "run"),
    State.PAUSED: ("Go on", "ادامه", "run"),
    State.BACKFILLED: ("Compare both sides", "سنجش دو سو", "validate"),
    State.VALIDATED: (
        "Done: both sides are equal. Fullhouse may sell; `rollback` leads back",
        "پایان: دو سو یکی‌اند. فول‌هاوس می‌تواند بفروشد؛ `rollback` راه بازگشت است",
        "validate",
    ),
    State.CUT_OVER: (
        "Fullhouse is the one writer; keep writing back, so that the legacy tables stay right",
        "فول‌هاوس تنها نویسنده است؛ بازنویسی را ادامه دهید تا جدول‌های قدیمی درست بمانند",
        "sync --follow",
    ),
    State.CONTRACTED: (
        "The legacy tables are in the archive; keep writing back as long as you may go back",
        "جدول‌های قدیمی در بایگانی‌اند؛ تا شاید برگردید بازنویسی را ادامه دهید",
        "sync --follow",
    ),
    State.ROLLED_BACK: (
        "Nothing of the takeover is left; begin anew when you like",
        "چیزی از جابه‌جایی نمانده است؛ هرگاه خواستید از نو آغاز کنید",
        "run",
    ),
}

#: The same for a source that is written to meanwhile, where it is not the same.
_LIVE: Final[dict[State, Step]] = {
    State.EXPANDED: ("Make the places while it sells", "ساختن جاها هنگام فروش", "run --live"),
    State.BACKFILLING: (
        "Go on from where it stopped",
        "ادامه از همان‌جا که ایستاد",
        "run --live",
    ),
    State.PAUSED: ("Go on with what was paused", "ادامهٔ کار ایستاده", "resume"),
    State.BACKFILLED: ("Catch up and compare", "رساندن و سنجش دو سو", "run --live"),
    State.VALIDATED: (
        "Both sides are equal, and `sync` keeps them so; go over when you like",
        "دو سو یکی‌اند و `sync` چنین نگهشان می‌دارد؛ هرگاه خواستید بگذرید",
        "cutover",
    ),
}
_PURGED: Final[Step] = (
    "Done: the legacy tables are in their backup only, and there is no way back",
    "پایان: جدول‌های قدیمی تنها در پشتیبان‌اند و راه بازگشتی نیست",
    "status",
)
#: After a bad end, where the state alone does not say what to do.
_AFTER: Final[dict[ExitCode, Step]] = {
    ExitCode.BUSY: ("See who is at work, and wait", "دیدن اجراکننده و صبر", "status"),
    ExitCode.MISMATCH: (
        "Read what differs; then go back and take over anew",
        "خواندن تفاوت‌ها؛ سپس بازگشت و جابه‌جایی از نو",
        "rollback",
    ),
}


def next_step(
    run: MigrationRun, *, source: str = "", using: str = DEFAULT_DB_ALIAS
) -> dict[str, Any]:
    """Return `en`, `fa` and `command` of the next step, and `others` that are open, as a list.

    `source` is how the operator named the source; without it a source that is no preset is named
    by the file that it was planned from.
    """
    named = source or source_of(run, using=using)
    first, *others = _steps(run, using)
    return _said(first, run, named) | {"others": [_said(one, run, named) for one in others]}


def after(run: MigrationRun | None, order: Order, code: ExitCode | None) -> dict[str, str]:
    """Return the step after an ending with `code` (None: it goes on), without others."""
    if run is None:
        return _command(_STATUS, order.source, order.schema)
    over = run.state in (State.CUT_OVER, State.CONTRACTED)
    step = None if code is None or over else _AFTER.get(code)
    if step is None:
        step = (_LIVE if is_live(run) else {}).get(State(run.state)) or _NEXT[State(run.state)]
    return _command(step, order.source, order.schema)


def _steps(run: MigrationRun, using: str) -> list[Step]:
    state = State(run.state)
    if state == State.CUT_OVER:
        contract = (
            "After a soak, move the legacy tables into an archive (undoable)",
            "پس از چندی، بردن جدول‌های قدیمی به بایگانی (برگشت‌پذیر)",
            f"contract --plan-sha {run.plan_sha}",
        )
        return [_NEXT[state], ("Watch", "نگاه کردن", "status"), contract, _ROLLBACK]
    if state == State.CONTRACTED:
        if is_purged(run, using=using):
            return [_PURGED]
        purge = (
            "Drop the archive for good, after a backup that is restored (not undoable)",
            "پاک کردن همیشگی بایگانی، پس از پشتیبانی که بازگردانده می‌شود (برگشت‌ناپذیر)",
            f"purge --confirm {shlex.quote(f'purge {run.legacy_schema}')}",
        )
        return [_NEXT[state], ("Watch", "نگاه کردن", "status"), purge, _ROLLBACK]
    if state == State.PLANNED and not run._state.adding and not _asks(run, using):
        return [("Take over", "جابه‌جایی", "run")]
    return [(_LIVE if is_live(run) else {}).get(state) or _NEXT[state]]


def _asks(run: MigrationRun, using: str) -> bool:
    """Tell whether a question of the plan waits for an answer."""
    found = Anomaly.objects.using(using).filter(run_id=run.pk, decision="")
    return found.exclude(policy=Anomaly.Policy.APPLY).exists()


def _said(step: Step, run: MigrationRun, source: str) -> dict[str, str]:
    return _command(step, source, run.legacy_schema)


def _command(step: Step, source: str, schema: str) -> dict[str, str]:
    english, persian, command = step
    where = f"--source {shlex.quote(source)} --schema {shlex.quote(schema)}"
    return {
        "en": english,
        "fa": persian,
        "command": f"fullhouse capacity_migration {command} {where}",
    }


def source_of(run: MigrationRun, *, using: str = DEFAULT_DB_ALIAS) -> str:
    """Return the path of the file that the run was last planned from, else the preset's name."""
    if run._state.adding:
        return run.source
    planned = _events(run, using).filter(phase="plan", detail__has_key="source_sha256")
    last = planned.order_by("id").last()
    return str(last.detail.get("source_file", run.source)) if last else run.source


def is_purged(run: MigrationRun, *, using: str = DEFAULT_DB_ALIAS) -> bool:
    """Tell whether the run's archive was dropped for good: then there is no way back."""
    return not run._state.adding and _events(run, using).filter(phase="purge").exists()


def _events(run: MigrationRun, using: str) -> Any:
    return RunEvent.objects.using(using).filter(run_id=run.pk)


def source_file(named: str) -> dict[str, str]:
    """Return what a plan records of the source that an operator named: its file, if it is one."""
    path = Path(named)
    return {"source_file": str(path.resolve())} if path.is_file() else {}
