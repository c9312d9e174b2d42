"""How the JSON of a performance and of a booking is read, bad parts and all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from .keys import name_key, number_key, read_count, read_money, read_uuid, unwrapped
from .rows import TicketType

SeatKey = tuple[str, str, str]


def seat_key(section: str, row: str, number: str) -> SeatKey:
    """The physical seat that three labels of a performance mean."""
    return name_key(section), name_key(row), number_key(number)


def find_type(kinds: list[TicketType], *names: Any) -> TicketType | None:
    """The active type that the first telling name means: an id, a name, or a code."""
    for name in names:
        for matches in _ways(name):
            found = [kind for kind in kinds if matches(kind)]
            if found:
                return found[0] if found[0].is_active else None
    return None


def _ways(name: Any) -> Iterable[Callable[[TicketType], bool]]:
    if not isinstance(name, str):
        return []
    key, wanted = read_uuid(name), name_key(name)
    return [
        lambda kind: kind.id == key,
        lambda kind: kind.name == name,
        lambda kind: bool(wanted) and name_key(kind.name) == wanted,
        lambda kind: bool(wanted) and name_key(kind.code) == wanted,
    ]


@dataclass(frozen=True, slots=True)
class Parts:
    """The readable parts of `ticket_capacities`; `strange` are those that no type can sell."""

    by_type: dict[UUID, int]
    strange: dict[str, int]
    unreadable: int

    @property
    def total(self) -> int:
        """The places of all parts together."""
        return sum(self.by_type.values()) + sum(self.strange.values())


def read_capacities(value: Any, kinds: list[TicketType]) -> Parts:
    """Read `ticket_capacities`: keyed by name, id or code; anything unreadable is counted."""
    document = unwrapped(value)
    if not isinstance(document, dict):
        return Parts({}, {}, 1)
    by_type: dict[UUID, int] = {}
    strange: dict[str, int] = {}
    unreadable = 0
    for name, part in document.items():
        places, kind = read_count(part), find_type(kinds, name)
        if places is None:
            unreadable += 1
        elif kind is None and places:
            strange[name_key(name)] = strange.get(name_key(name), 0) + places
        elif kind is not None and places:
            by_type[kind.id] = by_type.get(kind.id, 0) + places
    return Parts(by_type, strange, unreadable)


@dataclass(frozen=True, slots=True)
class Entry:
    """A readable part of a booking's breakdown."""

    quantity: int
    ticket_type_id: UUID | None


def read_breakdown(value: Any, kinds: list[TicketType]) -> list[Entry]:
    """The readable entries in their order; none where nothing can be read."""
    document = unwrapped(value)
    entries = []
    for part in document if isinstance(document, list) else []:
        quantity = read_count(part.get("quantity")) if isinstance(part, dict) else None
        if quantity is not None:
            kind = find_type(kinds, part.get("ticket_type_id"), part.get("name"))
            entries.append(Entry(quantity, kind.id if kind else None))
    return entries


@dataclass(frozen=True, slots=True)
class Named:
    """A seat that a booking names: by id, or by label (then `splits` are its ways to be read)."""

    id: UUID | None
    splits: tuple[tuple[str, str, str], ...] = ()
    price: Decimal | None = None


def read_selected(value: Any) -> list[Named]:
    """The seats a booking names, in order; entries that name nothing are left out."""
    document = unwrapped(value)
    if isinstance(document, dict | str):
        document = [document]
    named = (_named(part) for part in (document if isinstance(document, list) else []))
    return [one for one in named if one is not None]


def _named(part: Any) -> Named | None:
    if isinstance(part, str):
        key = read_uuid(part)
        return Named(key) if key else _labelled(part)
    if not isinstance(part, dict):
        return None
    price = read_money(part.get("price"))
    if key := read_uuid(part.get("seat_id")):
        return Named(key, (), price)
    section, row, number = (part.get(name) for name in ("section", "row_number", "seat_number"))
    if isinstance(section, str) and isinstance(row, str) and isinstance(number, str):
        return Named(None, ((section, row, number),), price)
    return None


def _labelled(label: str) -> Named | None:
    dashes = [at for at, char in enumerate(label) if char == "-"]
    splits = [
        (label[:left], label[left + 1 : right], label[right + 1 :])
        for right in reversed(dashes)
        for left in reversed(dashes)
        if left < right
    ]
    return Named(None, tuple(splits)) if splits else None
