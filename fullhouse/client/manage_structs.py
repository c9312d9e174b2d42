"""What the calls of management answer."""

from __future__ import annotations

import datetime
from decimal import Decimal
from uuid import UUID

from fullhouse.client.structs import Answer, Venue


class EventRow(Answer, frozen=True, kw_only=True):
    """An event as a row."""

    id: UUID
    venue: UUID
    title: str
    slug: str


class TicketTypeRow(Answer, frozen=True, kw_only=True):
    """A ticket type as a row."""

    id: UUID
    event: UUID
    name: str
    code: str
    price_modifier: Decimal
    places_per_ticket: int
    is_active: bool


class PerformanceRow(Answer, frozen=True, kw_only=True):
    """A performance as a row; `capacity` is all its places, the times local to the venue."""

    id: UUID
    event: UUID
    date: datetime.date
    start_time: datetime.time
    status: str
    capacity: int
    plan_version: int


class AllocationRow(Answer, frozen=True, kw_only=True):
    """An allocation in places; `ticket_type` None is the pool."""

    id: UUID
    ticket_type: UUID | None
    price: Decimal
    total: int
    available: int
    unseated: int
    reserved: int
    sold: int


class SectionRow(Answer, frozen=True, kw_only=True):
    """A section and its allocations."""

    id: UUID
    performance: UUID
    name: str
    base_price: Decimal
    currency: str
    total: int
    allocations: list[AllocationRow]


class SectionRows(Answer, frozen=True, kw_only=True):
    """All sections, in house order."""

    items: list[SectionRow]


class Resized(Answer, frozen=True, kw_only=True):
    """The sizes after it; `change` is what was added, below 0 what was taken."""

    section: UUID
    section_total: int
    capacity: int
    change: int


class Reallocated(Answer, frozen=True, kw_only=True):
    """What moved, and both sizes after it."""

    from_allocation: UUID
    to_allocation: UUID
    quantity: int
    seats: int
    from_total: int
    to_total: int


__all__ = [
    "AllocationRow",
    "EventRow",
    "PerformanceRow",
    "Reallocated",
    "Resized",
    "SectionRow",
    "SectionRows",
    "TicketTypeRow",
    "Venue",
]
