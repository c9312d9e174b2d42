"""Numbers as people of a language write them."""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["en", "fa"]

_PERSIAN: Final = str.maketrans("0123456789,.", "۰۱۲۳۴۵۶۷۸۹٬٫")
_PERSIAN_DIGITS: Final = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def number(value: float | None, language: Language) -> str:
    """Return a number with thousands separators; an en dash for one that is unknown."""
    if value is None:
        return "–"
    text = f"{value:,}"
    return text.translate(_PERSIAN) if language == "fa" else text


def digits(text: str, language: Language) -> str:
    """Return a text such as a date with the language's digits, everything else untouched."""
    return text.translate(_PERSIAN_DIGITS) if language == "fa" else text
