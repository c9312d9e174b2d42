"""When two labels are the same label, and how a number, an id or a document is read."""

import json
import unicodedata
import uuid
from decimal import Decimal, InvalidOperation
from typing import Any

_LETTERS = {"ي": "ی", "ى": "ی", "ك": "ک"}
_MARKS = {"\u200c", "\u200f", "\u00a0"}


def name_key(label: str | None) -> str:
    """The key of a section, a row, a type name or a code; blank names have the key ''."""
    kept: list[str] = []
    for char in unicodedata.normalize("NFKC", label or ""):
        if char.isspace() or char in _MARKS:
            continue
        if char in "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹":
            char = str(unicodedata.digit(char))
        kept.append(_LETTERS.get(char, char))
    return "".join(kept).casefold()


def number_key(label: str | None) -> str:
    """The key of a seat number: leading zeros do not count, all zeros are one zero."""
    key = name_key(label)
    return key.lstrip("0") or ("0" if key else "")


def read_count(value: Any) -> int | None:
    """A number of places, or None: whole, not negative, also as text in any of three digits."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        text = name_key(value)
        if not text.isascii() or not text.isdigit():
            return None
        value = int(text)
    if isinstance(value, float | Decimal):
        if value != int(value):
            return None
        value = int(value)
    return value if isinstance(value, int) and value >= 0 else None


def read_money(value: Any) -> Decimal | None:
    """A price that is not negative, or None. Texts and numbers alike, to the cent."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount < 0:
        return None
    return amount.quantize(Decimal("0.01"))


def read_uuid(value: Any) -> uuid.UUID | None:
    """An id as text, or None."""
    if not isinstance(value, str):
        return None
    try:
        return uuid.UUID(value.strip())
    except ValueError:
        return None


def unwrapped(value: Any) -> Any:
    """A document; one that was encoded twice is decoded once more."""
    if isinstance(value, str) and value.strip()[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
