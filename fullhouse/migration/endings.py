"""What an error means for a person, and the exit code that goes with it."""

from __future__ import annotations

from typing import Final

import psycopg
from django.core.management.base import CommandError

from fullhouse.migration.exit_codes import ExitCode, MigrationError, RefusedError, RetryError
from fullhouse.migration.runs import Order
from fullhouse.migration.source import SourceError

#: How a command may end badly without being a bug.
Ending = MigrationError | KeyboardInterrupt

#: SQLSTATEs that a guard would have found, had nobody changed a privilege meanwhile.
_REFUSALS: Final = {
    "42501": ("This database user lacks a privilege", "این کاربر پایگاه اجازه ندارد"),
    "25006": ("The database is read-only", "پایگاه داده فقط‌خواندنی است"),
}


def explained(error: Exception) -> MigrationError | None:
    """Return what a database or source error means for a person; None for a bug."""
    if isinstance(error, SourceError):
        return RefusedError(error.english, error.persian)
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    state = getattr(cause, "sqlstate", None) or ""
    said = str(error).strip()
    if state in _REFUSALS:
        english, persian = _REFUSALS[state]
        return RefusedError(f"{english}: {said}", f"{persian}: {said}")
    if isinstance(cause, psycopg.OperationalError):
        return RetryError(
            f"The database failed: {said}. What is committed stays; run the same command again.",
            f"پایگاه داده پاسخ نداد: {said}. آنچه نوشته شده می‌ماند؛ همین فرمان را دوباره بدهید.",
        )
    return None


def code(ended: Ending | None) -> ExitCode:
    """Return the exit code of an ending; None is a good one."""
    if ended is None:
        return ExitCode.DONE
    return ended.exit_code if isinstance(ended, MigrationError) else ExitCode.STOPPED


def command_error(ended: Ending, order: Order) -> CommandError:
    """Return the error that Django prints and exits with, in both languages."""
    if isinstance(ended, MigrationError):
        text = f"{ended.english}\n{ended.persian}"
    else:
        where = f"--source {order.source} --schema {order.schema}"
        text = (
            "Stopped. What is committed stays. Go on: fullhouse capacity_migration run "
            f"{where}; go back: fullhouse capacity_migration rollback {where}\n"
            "ایستاد. آنچه نوشته شده می‌ماند. ادامه با run و بازگشت با rollback."
        )
    return CommandError(text, returncode=int(code(ended)))
