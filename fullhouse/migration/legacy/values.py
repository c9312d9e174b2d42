"""From JSON values to the text format of COPY, type by type.

A value that its column cannot hold raises `UnfitError`; PostgreSQL must accept what is returned.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from fullhouse.migration.legacy.tables import Kind

NULL: Final = "\\N"

Convert = Callable[[object], str]

_REMEMBERED_VALUES = 4096
_REMEMBERED_LENGTH = 64
_NUMERIC_DIGITS = 1000

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_INTEGER = re.compile(r"\s*[+-]?[0-9]{1,25}\s*", re.ASCII)
_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?\s*", re.ASCII)
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_TRUE = frozenset({"t", "true", "1"})
_FALSE = frozenset({"f", "false", "0"})
_RANGES: Final = {"integer": 1 << 31, "bigint": 1 << 63}


class UnfitError(ValueError):
    """A value that its column cannot hold; the message is the reason, in English."""


def converter(kind: Kind) -> Convert:
    """Return the function from a JSON value (never None) to COPY text for columns of this type."""
    return _CONVERTERS[kind]


class Remembered(dict[str, str]):
    """COPY texts by the JSON text that they come from: `remembered[value]`.

    Legacy rows repeat dates, prices and parents; a dictionary answers those without a Python
    call. Short texts only, and a bounded number of them, so keep one a column.
    """

    def __init__(self, convert: Convert) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, value: str) -> str:
        text = self._convert(value)
        if len(value) <= _REMEMBERED_LENGTH:
            if len(self) >= _REMEMBERED_VALUES:
                self.clear()
            self[value] = text
        return text


def _uuid(value: object) -> str:
    if not isinstance(value, str):
        raise UnfitError("not a UUID")
    if _UUID.fullmatch(value):
        return value
    try:
        return str(UUID(value))
    except ValueError:
        raise UnfitError("not a UUID") from None


def _whole(kind: str) -> Convert:
    limit = _RANGES[kind]

    def convert(value: object) -> str:
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            number = int(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            number = value
        elif isinstance(value, float) and value.is_integer():
            number = int(value)
        else:
            raise UnfitError("not a whole number")
        if not -limit <= number < limit:
            raise UnfitError(f"out of range for {kind}")
        return str(number)

    return convert


def _numeric(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UnfitError("not a number")
    text = value if isinstance(value, str) else repr(value)
    if len(text) > _NUMERIC_DIGITS or not _NUMBER.fullmatch(text):
        raise UnfitError("not a number")
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise UnfitError("not a number") from None
    if abs(number.adjusted()) > _NUMERIC_DIGITS:
        raise UnfitError("out of range for numeric")
    return str(number)


def _boolean(value: object) -> str:
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, int | str):
        word = str(value).strip().lower()
        if word in _TRUE:
            return "t"
        if word in _FALSE:
            return "f"
    raise UnfitError("neither true nor false")


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UnfitError("not a text")
    return _storable(value if isinstance(value, str) else repr(value))


def _storable(text: str) -> str:
    """Escape for COPY; refuse what UTF-8 or PostgreSQL cannot store."""
    if "\x00" in text:
        raise UnfitError("holds the NUL character, which PostgreSQL cannot store")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnfitError("holds half a surrogate pair, which is no character") from None
    return text.translate(_ESCAPES)


def _jsonb(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:
        raise UnfitError("holds NaN or Infinity, which JSON has not") from None
    except RecursionError:
        raise UnfitError("nested too deeply") from None
    if "\\u0000" in text and _holds_nul(value):
        raise UnfitError("holds the NUL character, which PostgreSQL cannot store")
    return _storable(text)


def _holds_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any("\x00" in key or _holds_nul(inner) for key, inner in value.items())
    if isinstance(value, list):
        return any(_holds_nul(inner) for inner in value)
    return False


def _date(value: object) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise UnfitError("not a date") from None


def _time(value: object) -> str:
    try:
        return time.fromisoformat(str(value)).replace(tzinfo=None).isoformat()
    except ValueError:
        raise UnfitError("not a time of day") from None


def _timestamptz(value: object) -> str:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise UnfitError("not a timestamp") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


_CONVERTERS: Final[dict[Kind, Convert]] = {
    "uuid": _uuid,
    "bigint": _whole("bigint"),
    "integer": _whole("integer"),
    "numeric": _numeric,
    "boolean": _boolean,
    "text": _text,
    "jsonb": _jsonb,
    "date": _date,
    "time": _time,
    "timestamptz": _timestamptz,
}
