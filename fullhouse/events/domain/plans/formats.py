"""The formats a plan is read from and written to, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.plans import own, pretix, table
from fullhouse.events.domain.plans.document import Plan
from fullhouse.events.domain.plans.fields import Seen, nobody
from fullhouse.events.domain.plans.losses import Loss


@dataclass(frozen=True, slots=True)
class Format:
    """How to read and write it, and the ending of its files."""

    ending: str
    read: Callable[[str, Seen], Plan]
    write: Callable[[Plan], tuple[str, tuple[Loss, ...]]]


FORMATS: Final[dict[str, Format]] = {
    "fullhouse": Format(".json", own.read, lambda plan: (own.write(plan), ())),
    "pretix": Format(".json", pretix.read, pretix.write),
    "csv": Format(".csv", table.read, table.write),
}


def guessed(file_name: str, text: str) -> str:
    """Return the format of a file: CSV by its ending, JSON of ours by its mark, else pretix."""
    if file_name.lower().endswith(".csv"):
        return "csv"
    return "fullhouse" if f'"{own.FORMAT}"' in text[:10_000] else "pretix"


def read(text: str, format_name: str, seen: Seen = nobody) -> Plan:
    """Return the plan in a text. Raises InvalidRequest with the place of the first mistake."""
    return _format(format_name).read(text, seen)


def write(plan: Plan, format_name: str) -> tuple[str, tuple[Loss, ...]]:
    """Return the plan as a text of that format, and what the format could not hold."""
    return _format(format_name).write(plan)


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise InvalidRequest("format", f"must be one of {', '.join(FORMATS)}, not {name!r}")
    return FORMATS[name]
