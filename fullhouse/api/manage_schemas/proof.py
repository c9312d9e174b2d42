"""The audit, the past, and how something came about."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from ninja import Schema


class FindingOut(Schema):
    """A row that breaks a rule."""

    rule: str
    table: str
    id: UUID
    performance: UUID
    expected: str
    found: str


class AuditOut(Schema):
    """Everything that does not add up; `sound` true: nothing."""

    sound: bool
    findings: list[FindingOut]


class PlacesAtOut(Schema):
    """Counters in places."""

    capacity: int
    available: int
    unseated: int
    reserved: int
    sold: int


class AllocationAtOut(PlacesAtOut):
    """An allocation then; `ticket_type` null is the pool."""

    id: UUID
    ticket_type: str | None


class SectionAtOut(PlacesAtOut):
    """A section then; `id` null: it is gone since."""

    id: UUID | None
    name: str
    allocations: list[AllocationAtOut]


class SeatAtOut(Schema):
    """A seat then; labels null: it was taken away since."""

    id: UUID
    allocation: UUID
    row: str | None
    number: str | None
    status: str


class HouseAtOut(PlacesAtOut):
    """A performance at an instant."""

    performance: UUID
    at: datetime.datetime
    sections: list[SectionAtOut]
    seats: list[SeatAtOut] | None


class StepOut(Schema):
    """One step; `sentence` is in the reader's language, times in the venue's."""

    at: datetime.datetime
    operation: str
    from_state: str | None
    to_state: str | None
    places: int
    seats: list[str]
    reference: str | None
    actor: str
    reason: str
    facts: dict[str, Any]
    sentence: str


class StoryOut(Schema):
    """How something came to be what it is, oldest first; `earlier` entries are not told."""

    about: str
    now: str
    earlier: int
    entries: list[StepOut]
