"""What is asked for. Sections and ticket types are ids or names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

Name: TypeAlias = UUID | str


class Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of a body; what is left out is the server's default."""


class Places(Asked, frozen=True):
    """`quantity` places of a section."""

    quantity: int
    section: Name
    ticket_type: Name


class SeatLabel(Asked, frozen=True):
    """A seat as it is written on the ticket."""

    section: str
    row: str
    number: str


class SeatOrdinal(Asked, frozen=True):
    """A seat by its place in the order of a plan version."""

    plan_version: int
    ordinal: int


class Seat(Asked, frozen=True):
    """One seat; the ticket type only where the seat belongs to its section's pool."""

    seat: UUID | SeatLabel | SeatOrdinal
    ticket_type: Name | None = None


class BestAvailable(Asked, frozen=True):
    """Neighbouring seats, the best that are free; names in order of preference."""

    quantity: int
    sections: Sequence[Name] | None = None
    ticket_types: Sequence[Name] | None = None
    accessible: int = 0
    split: bool = False
    restricted_view: bool = False


class Part(Asked, frozen=True):
    """A line of a reservation, or `quantity` of its places."""

    line: UUID
    quantity: int | None = None


Item: TypeAlias = Places | Seat | BestAvailable


def as_items(items: Sequence[Item]) -> list[Any]:
    """Return what the body of a reservation has as `items`."""
    return [{"best_available": item} if isinstance(item, BestAvailable) else item for item in items]
