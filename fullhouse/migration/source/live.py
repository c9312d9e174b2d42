"""Whether a source can be taken over live, and what it lacks for that.

Two things: a changed row must say by itself which performance it belongs to, and what Fullhouse
sells must have a way back.
"""

from __future__ import annotations

from dataclasses import dataclass

from fullhouse.migration.source.layout import Source
from fullhouse.migration.source.links import EVENT, UNIT

#: The views whose rows are written back.
WRITTEN = ("seat", "performance", "booking")


@dataclass(frozen=True, slots=True)
class Lack:
    """What stands in the way, at which column of a view (`view.column`), and what to do."""

    where: str
    en: str
    fa: str


def lack(source: Source) -> Lack | None:
    """Return the first thing that a live takeover of `source` lacks, or None."""
    return _capture(source) or _way_back(source)


def _capture(source: Source) -> Lack | None:
    for names in (UNIT, EVENT):
        for name, column in names.items():
            view = source.views.get(name)
            if view is None:
                continue
            value = view.values[column]
            if value.form not in ("column", "key") or value.elsewhere or value.words:
                return Lack(
                    f"{name}.{column}",
                    f"[{name}] columns.{column} is not a column of {view.table} itself, so a row "
                    "that is deleted would not say whose it was. Add the column to the table, or "
                    "name a table that has it.",
                    f"[{name}] columns.{column} ستونی از خود {view.table} نیست و ردیف پاک‌شده"
                    " نمی‌گوید از آنِ کدام بود. ستون را به جدول بیفزایید یا جدولی را نام ببرید که آن"
                    " را دارد.",
                )
    return None


def _way_back(source: Source) -> Lack | None:
    if source.reverse is not None:
        return None
    for view in source.views.values():
        for name, value in view.values.items():
            is_written = view.name in WRITTEN and not value.is_plain and value.form != "constant"
            if is_written or value.form == "key":
                return Lack(
                    f"{view.name}.{name}",
                    f"[{view.name}] columns.{name} is made of other columns, so how a sale is "
                    "written back cannot be told from it. Give the source a table [reverse] with "
                    "the statements that do (docs/how-to/write-a-source.md), or take it over while "
                    "the legacy system stands still: `run` without --live.",
                    f"[{view.name}] columns.{name} از ستون‌های دیگر ساخته می‌شود و از آن پیدا نیست که"
                    " فروش چگونه بازنوشته شود. به مبدأ جدول [reverse] با دستورهای آن بیفزایید"
                    " (docs/how-to/write-a-source.fa.md) یا هنگام ایستادن سامانه جابه‌جا کنید: run"
                    " بی --live.",
                )
    return None
