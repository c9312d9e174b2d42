"""Reads `[reverse]` of a source: SQL statements that write back what Fullhouse sells.

The one place where a source holds SQL: what a legacy side says of a sale cannot be told by names.
"""

from __future__ import annotations

import re
from typing import Any, Final

from fullhouse.migration.source.canonical import LOSSES
from fullhouse.migration.source.layout import Reverse
from fullhouse.migration.source.values import Report

_ENTRIES: Final = frozenset({"statements", "lacks"})
_BEGINS: Final = re.compile(r"(INSERT|UPDATE|DELETE|MERGE|WITH)\b", re.IGNORECASE)


def read_reverse(data: Any, report: Report) -> Reverse | None:
    """Return what `[reverse]` says, or None where there is none; whatever is wrong is reported."""
    if data is None:
        return None
    if not isinstance(data, dict) or not data.keys() <= _ENTRIES or "statements" not in data:
        report(
            "[reverse] needs statements, and may have lacks.",
            "[reverse] به statements نیاز دارد و می‌تواند lacks داشته باشد.",
        )
        return None
    return Reverse(_statements(data["statements"], report), _lacks(data.get("lacks", []), report))


def _statements(given: Any, report: Report) -> tuple[str, ...]:
    if not isinstance(given, list) or not given:
        report(
            "[reverse] statements: a list of SQL statements.",
            "[reverse] statements: فهرستی از دستورهای SQL.",
        )
        return ()
    for number, text in enumerate(given, 1):
        if not isinstance(text, str) or not _BEGINS.match(text.strip()):
            report(
                f"[reverse] statement {number} begins with none of INSERT, UPDATE, DELETE, MERGE, "
                "WITH.",
                f"[reverse] دستور {number} با INSERT یا UPDATE یا DELETE یا MERGE یا WITH آغاز"
                " نمی‌شود.",
            )
        elif ";" in text.strip().rstrip(";"):
            report(
                f"[reverse] statement {number} has a semicolon inside: one statement an entry.",
                f"[reverse] دستور {number} در میان خود نقطه‌ویرگول دارد: هر خانه یک دستور.",
            )
    return tuple(str(text).strip().rstrip(";") for text in given)


def _lacks(given: Any, report: Report) -> tuple[str, ...]:
    known = ", ".join(sorted(LOSSES))
    if not isinstance(given, list) or not {str(one) for one in given} <= LOSSES:
        report(
            f"[reverse] lacks: a list of {known}.",
            f"[reverse] lacks: فهرستی از {known}.",
        )
        return ()
    return tuple(str(one) for one in given)
