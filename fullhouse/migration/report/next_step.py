"""What to do next in each state, in English and Persian, with the command."""

from __future__ import annotations

from typing import Final

from fullhouse.migration.live.numbers import is_live
from fullhouse.migration.models import MigrationRun

State = MigrationRun.State

_NEXT: Final[dict[State, tuple[str, str, str]]] = {
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
    State.CUT_OVER: ("Fullhouse is the one writer", "فول‌هاوس تنها نویسنده است", "status"),
    State.CONTRACTED: ("The legacy tables are in the archive", "جدول‌ها در بایگانی‌اند", "status"),
    State.ROLLED_BACK: (
        "Nothing of the takeover is left; begin anew when you like",
        "چیزی از جابه‌جایی نمانده است؛ هرگاه خواستید از نو آغاز کنید",
        "run",
    ),
}

#: The same for a source that is written to meanwhile, where it is not the same.
_LIVE: Final[dict[State, tuple[str, str, str]]] = {
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


def next_step(run: MigrationRun) -> dict[str, str]:
    """Return `en`, `fa` and the `command` of the next step."""
    steps = _NEXT | (_LIVE if is_live(run) else {})
    english, persian, command = steps[State(run.state)]
    return {
        "en": english,
        "fa": persian,
        "command": f"fullhouse capacity_migration {command} --source {run.source}"
        f" --schema {run.legacy_schema}",
    }
