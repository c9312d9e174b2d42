"""The house before and after: Venue > Performance > Section > Type, as plain nodes.

The one place that knows how the plan writes its units.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Kind = Literal["venue", "performance", "section", "type"]
Side = Literal["before", "after"]

#: The numbers of a node, in the order in which they are shown; all are places.
NUMBERS: Final = ("capacity", "available", "reserved", "sold")
_NOTE_CHARACTERS: Final = 160


@dataclass(slots=True)
class Node:
    """One line of a tree. `name` None is a pool; a number that is unknown is None."""

    kind: Kind
    name: str | None
    numbers: dict[str, int | None]
    note: str = ""
    children: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Pair:
    """One performance on both sides."""

    id: str
    venue: str
    title: str
    when: str
    before: Node
    after: Node


def pairs(units: Iterable[dict[str, Any]]) -> Iterator[Pair]:
    """Yield each unit of the plan as two trees, in the plan's order."""
    for unit in units:
        event = str(unit.get("event") or "")
        when = " ".join(str(part) for part in (unit.get("date"), unit.get("time")) if part)
        title = " · ".join(part for part in (event, when) if part)
        yield Pair(
            id=str(unit.get("performance_id", "")),
            venue=str(unit.get("venue") or ""),
            title=event,
            when=when,
            before=_performance(title, unit.get("before")),
            after=_performance(title, unit.get("after")),
        )


def venues(units: Iterable[dict[str, Any]], side: Side) -> list[Node]:
    """Return the trees of one side, a venue each, in the plan's order."""
    found: dict[str, Node] = {}
    for unit in units:
        said = unit.get(side)
        name = str(unit.get("venue") or "")
        total = said.get("venue_capacity") if isinstance(said, dict) else None
        node = found.setdefault(name, Node("venue", name, {"capacity": _number(total)}))
        node.children.append(getattr(next(pairs([unit])), side))
    return list(found.values())


def _performance(title: str, said: Any) -> Node:
    said = said if isinstance(said, dict) else {}
    return Node(
        "performance",
        title,
        _numbers(said, "max_capacity"),
        note=_note(said),
        children=[_section(one) for one in said.get("sections") or ()],
    )


def _note(said: dict[str, Any]) -> str:
    """Return what the legacy performance says of itself that its sections do not show."""
    notes = []
    if (current := said.get("current_capacity")) is not None:
        notes.append(f"current_capacity {current}")
    if capacities := said.get("ticket_capacities"):
        text = json.dumps(capacities, ensure_ascii=False)
        over = len(text) > _NOTE_CHARACTERS
        notes.append(f"ticket_capacities {text[:_NOTE_CHARACTERS]}{'…' if over else ''}")
    if (status := said.get("status")) and status != "on_sale":
        notes.append(str(status))
    return "; ".join(notes)


def _section(said: dict[str, Any]) -> Node:
    return Node(
        "section",
        str(said.get("name") or ""),
        _numbers(said, "total_capacity"),
        children=[_type(one) for one in said.get("types") or ()],
    )


def _type(said: dict[str, Any]) -> Node:
    name = said.get("name")
    return Node(
        "type",
        None if name is None else str(name),
        _numbers(said, "allocated"),
    )


def _numbers(said: dict[str, Any], capacity: str) -> dict[str, int | None]:
    return {name: _number(said.get(capacity if name == "capacity" else name)) for name in NUMBERS}


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) else None
