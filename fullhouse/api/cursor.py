"""Pages by cursor: what follows the last row seen, however many rows came in meanwhile."""

from __future__ import annotations

import base64
import binascii
import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from fullhouse.events.domain.errors import InvalidRequest

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 200
Row = TypeVar("Row")


def page_after(
    rows: QuerySet[Any], fields: Sequence[str], cursor: str | None, limit: int
) -> tuple[list[Any], str | None]:
    """Return up to `limit` rows after `cursor`, and the cursor of the next page, if there is one.

    `fields` are the order, ascending, the last of them unique.
    Raises InvalidRequest where the cursor is not one of ours.
    """
    if cursor is not None:
        try:
            rows = rows.filter(_after(fields, _read(cursor, len(fields))))
            found = list(rows.order_by(*fields)[: limit + 1])
        except (ValueError, ValidationError) as error:
            raise _not_ours() from error
    else:
        found = list(rows.order_by(*fields)[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], _write([_value(last, name) for name in fields])


def part_after(
    rows: Sequence[Row], key: Callable[[Row], str], cursor: str | None, limit: int
) -> tuple[Sequence[Row], str | None]:
    """Return a page as `page_after`, of rows that are read already and sorted by `key`."""
    try:
        start = 0 if cursor is None else bisect_right(rows, _read(cursor, 1)[0], key=key)
    except ValueError as error:
        raise _not_ours() from error
    found = rows[start : start + limit]
    more = start + limit < len(rows)
    return found, _write([key(found[-1])]) if more else None


def _not_ours() -> InvalidRequest:
    return InvalidRequest("cursor", "not of this list; start without one")


def _after(fields: Sequence[str], values: Sequence[str]) -> Q:
    """The rows greater than `values` in the order of `fields`."""
    after = Q()
    equal: dict[str, str] = {}
    for name, value in zip(fields, values, strict=True):
        after |= Q(**equal, **{f"{name}__gt": value})
        equal[name] = value
    return after


def _value(row: Any, name: str) -> str:
    for part in name.split("__"):
        row = getattr(row, part)
    return str(row)


def _write(values: Sequence[str]) -> str:
    text = json.dumps(list(values), separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str, length: int) -> list[str]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        values = json.loads(text)
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("no base64 text") from error
    if not isinstance(values, list) or len(values) != length:
        raise ValueError("another list's cursor")
    if not all(isinstance(value, str) and "\x00" not in value for value in values):
        raise ValueError("values are texts")
    return values
