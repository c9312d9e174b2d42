"""The report as one HTML file that needs nothing else: no script, no font, no address.

Both languages are in it, each a whole part with its own direction and digits; which one is seen
is chosen on the page. Everything that came from a database is escaped by the templates.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.template.loader import render_to_string

from fullhouse.migration.exit_codes import UsageError
from fullhouse.migration.report.digits import Language
from fullhouse.migration.report.tree import NUMBERS, Node, pairs

#: A page with more is slow to open and nobody reads it; the JSON report has everything.
SHOWN_PERFORMANCES: Final = 300
SHOWN_CASES: Final = 200
#: The order of the totals; a JSON document of the database keeps none.
_FIGURES: Final = (
    "performances",
    "max_capacity",
    "sections",
    "seats",
    "available",
    "reserved",
    "sold",
    "bookings",
)
_SHOWN_EVIDENCE_CHARACTERS: Final = 300


@dataclass(frozen=True, slots=True)
class Line:
    """A node as a line of a table: how deep it is, what it is called, its places."""

    level: int
    kind: str
    name: str | None
    note: str
    numbers: list[int | None]


def render_page(report: dict[str, Any], *, language: Language = "en") -> str:
    """Return the HTML of a report; `language` is the part seen first."""
    context = {
        "report": report,
        "numbers": NUMBERS,
        "performances": _performances(report),
        "performances_more": max(0, len(report.get("units", [])) - SHOWN_PERFORMANCES),
        "cases": _cases(report),
        "cases_more": max(0, len(_items(report)) - SHOWN_CASES),
        "totals": figures(report),
        "checks": sorted(((report.get("validation") or {}).get("counts") or {}).items()),
        "tables": sorted(_checksums(report).items()),
        "first": language,
    }
    parts = [
        {"language": one, "html": render_to_string(_PART, context | {"language": one})}
        for one in ("en", "fa")
    ]
    return render_to_string("capacity_migration/report.html", context | {"parts": parts})


def write_page(report: dict[str, Any], path: Path) -> None:
    """Write the page, complete or not at all, readable by its owner alone.

    Raises UsageError if the file cannot be written.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(render_page(report))
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(
            f"The report {path} cannot be written: {error.strerror}. The takeover itself is not "
            "concerned; write it again: fullhouse capacity_migration status --html FILE",
            f"گزارش {path} نوشته نشد: {error.strerror}. به خود جابه‌جایی مربوط نیست؛ دوباره:"
            " fullhouse capacity_migration status --html FILE",
        ) from error


_PART: Final = "capacity_migration/report_part.html"


def _performances(report: dict[str, Any]) -> list[dict[str, Any]]:
    shown = report.get("units", [])[:SHOWN_PERFORMANCES]
    return [
        {
            "id": pair.id,
            "venue": pair.venue,
            "title": pair.title,
            "when": pair.when,
            "before": pair.before.numbers["capacity"],
            "after": pair.after.numbers["capacity"],
            "sides": [
                {"name": name, "lines": _lines(node), "note": node.note}
                for name, node in (("before", pair.before), ("after", pair.after))
            ],
        }
        for pair in pairs(shown)
    ]


def _lines(node: Node, level: int = 0) -> list[Line]:
    numbers = [node.numbers.get(name) for name in NUMBERS]
    lines = [Line(level, node.kind, node.name, node.note, numbers)]
    for child in node.children:
        lines += _lines(child, level + 1)
    return lines


def _items(report: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (report.get("anomalies") or {}).get("items", [])
    return items


def _cases(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the cases that are shown, open ones first, their evidence cut to a readable size."""
    first = sorted(_items(report), key=lambda one: not one["open"])[:SHOWN_CASES]
    titles = {pair.id: f"{pair.title} {pair.when}" for pair in pairs(report.get("units", []))}
    return [
        one | {"evidence": _short(one["evidence"]), "of": titles.get(one["performance"], "")}
        for one in first
    ]


def _short(evidence: object) -> str:
    text = json.dumps(evidence, ensure_ascii=False) if evidence else ""
    over = len(text) - _SHOWN_EVIDENCE_CHARACTERS
    return text if over <= 0 else f"{text[:_SHOWN_EVIDENCE_CHARACTERS]}… (+{over})"


def figures(report: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return name, before, after of each figure; None where one side has no such figure."""
    totals = report.get("totals") or {}
    before, after = totals.get("before") or {}, totals.get("after") or {}
    names = sorted({*before, *after}, key=lambda name: (_place(name), name))
    return [(name, before.get(name), after.get(name)) for name in names]


def _place(name: str) -> int:
    return _FIGURES.index(name) if name in _FIGURES else len(_FIGURES)


def _checksums(report: dict[str, Any]) -> dict[str, Any]:
    backup = report.get("backup") or {}
    tables: dict[str, Any] = (backup.get("checksums") or {}).get("tables", {})
    return tables
