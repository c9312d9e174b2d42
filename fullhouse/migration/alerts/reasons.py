"""Why something is told, in English and in Persian."""

from __future__ import annotations

from fullhouse.migration.endings import Ending
from fullhouse.migration.exit_codes import MigrationError


def of(ending: Ending) -> dict[str, str]:
    """Return the reason of a bad end."""
    if isinstance(ending, MigrationError):
        return {"en": ending.english, "fa": ending.persian}
    return {"en": "Stopped by an operator or the system.", "fa": "کاربر یا سامانه آن را ایستاند."}


def bug(error: Exception) -> dict[str, str]:
    """Return the reason of an end that nobody expected."""
    said = f"{type(error).__name__}: {error}".strip()
    return {"en": f"A bug: {said}", "fa": f"خطای برنامه: {said}"}


def hangs(phase: str, seconds: float) -> dict[str, str]:
    """Return the reason of a phase that was not heard of."""
    return {
        "en": f"The {phase} was not heard of for {seconds:g} s: a statement hangs, most likely "
        "behind a lock.",
        "fa": f"از {phase} {seconds:g} ثانیه خبری نشد: دستوری مانده است، به احتمال زیاد پشت قفل.",
    }


def rests(phase: str, seconds: float, throttle: dict[str, str] | None) -> dict[str, str]:
    """Return the reason of a phase that is well but finishes nothing; it goes on."""
    why = throttle or {"en": "not known", "fa": "دانسته نیست"}
    return {
        "en": f"The {phase} has finished nothing for {seconds:g} s and goes on waiting: "
        f"{why['en']}.",
        "fa": f"{phase} {seconds:g} ثانیه است که چیزی به پایان نبرده و همچنان منتظر است:"
        f" {why['fa']}.",
    }
