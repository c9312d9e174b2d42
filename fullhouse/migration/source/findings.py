"""What a check of a source says: findings, in two languages, by weight."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Weight = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing. error: the takeover would be refused or wrong; warning: it would ask or leave
    rows out; note: what follows from what the source does not give. `where` is `view.column`.
    """

    weight: Weight
    kind: str
    where: str
    en: str
    fa: str


@dataclass(slots=True)
class Findings:
    """All of one check, in the order in which they were found."""

    items: list[Finding] = field(default_factory=list)

    def add(self, weight: Weight, kind: str, where: str, en: str, fa: str) -> None:
        self.items.append(Finding(weight, kind, where, en, fa))

    def error(self, kind: str, where: str, en: str, fa: str) -> None:
        self.add("error", kind, where, en, fa)

    def count(self, weight: Weight) -> int:
        return sum(item.weight == weight for item in self.items)

    def of(self, kind: str) -> list[Finding]:
        return [item for item in self.items if item.kind == kind]

    def to_json(self) -> list[dict[str, Any]]:
        return [asdict(item) for item in self.items]


def nearest(name: str, known: Iterable[str]) -> tuple[str, str]:
    """Return what to write instead of a name that is not there, in two languages, or nothing."""
    names = sorted(known)
    near = difflib.get_close_matches(name.casefold(), names, n=3, cutoff=0.5)
    inside = [n for n in names if len(name) > 2 and name.casefold() in n and n not in near]
    close = [*near, *inside][:3]
    if not close:
        return "", ""
    return f" Nearest: {', '.join(close)}.", f" نزدیک‌ترین: {'، '.join(close)}."
