"""Pages of a list without counting it: one row more is read than shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")
PAGES_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """One page; numbers are None where there is no such page."""

    rows: tuple[Row, ...]
    number: int
    previous: int | None
    next: int | None


def slice_of(found: Any, number: str | None, size: int) -> Slice[Any]:
    """Return the page of that number, counted from 1; what is no number is page 1."""
    text = number or ""
    wanted = int(text) if text.isascii() and text.isdigit() else 1
    page = min(max(wanted, 1), PAGES_MOST)
    rows = list(found[(page - 1) * size : page * size + 1])
    return Slice(
        rows=tuple(rows[:size]),
        number=page,
        previous=page - 1 if page > 1 else None,
        next=page + 1 if len(rows) > size else None,
    )
