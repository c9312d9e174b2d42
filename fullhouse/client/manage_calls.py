"""The calls of management as values. Sends nothing."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, TypeVar
from uuid import UUID

from fullhouse.client import manage_structs as structs
from fullhouse.client.calls import Call, key_or_new
from fullhouse.client.items import Asked

T = TypeVar("T")
PREFIX: Final = "manage/"


class Allocation(Asked, frozen=True):
    """Places of a new section for one ticket type, or (None) for the pool."""

    allocated_capacity: int
    ticket_type_id: UUID | None
    price_modifier: Decimal | None = None


class NumberedSeat(Asked, frozen=True):
    """A numbered seat of a new section."""

    row_number: str
    seat_number: str
    ticket_type_id: UUID | None = None
    price: Decimal | None = None
    is_accessible: bool = False
    is_companion: bool = False


class Section(Asked, frozen=True):
    """A section to build; what its total leaves over goes to its pool."""

    name: str
    base_price: Decimal
    total_capacity: int | None = None
    currency: str = "USD"
    ticket_types: Sequence[Allocation] = ()
    seats: Sequence[NumberedSeat] = ()


def create_venue(
    name: str, total_capacity: int, *, city: str, country: str, time_zone: str, key: str | None
) -> Call[structs.Venue]:
    """Make a venue."""
    body = {
        "name": name,
        "total_capacity": total_capacity,
        "city": city,
        "country": country,
        "time_zone": time_zone,
    }
    return _post("venues", structs.Venue, body, key)


def create_event(venue: UUID, title: str, slug: str, *, key: str | None) -> Call[structs.EventRow]:
    """Make an event."""
    body = {"venue": venue, "title": title, "slug": slug}
    return _post("events", structs.EventRow, body, key)


def create_ticket_type(
    event: UUID,
    name: str,
    *,
    code: str,
    price_modifier: Decimal,
    places_per_ticket: int,
    key: str | None,
) -> Call[structs.TicketTypeRow]:
    """Make a ticket type."""
    body = {
        "name": name,
        "code": code,
        "price_modifier": price_modifier,
        "places_per_ticket": places_per_ticket,
    }
    return _post(f"events/{event}/ticket-types", structs.TicketTypeRow, body, key)


def create_performance(
    event: UUID,
    date: datetime.date,
    start_time: datetime.time,
    sections: Sequence[Section],
    *,
    status: str,
    reason: str,
    key: str | None,
) -> Call[structs.PerformanceRow]:
    """Make an evening with its house."""
    body = {
        "event": event,
        "date": date,
        "start_time": start_time,
        "sections": sections,
        "status": status,
        "reason": reason,
    }
    return _post("performances", structs.PerformanceRow, body, key)


def sections(performance: UUID) -> Call[structs.SectionRows]:
    """List the sections of a performance."""
    return Call("GET", f"{PREFIX}performances/{performance}/sections", structs.SectionRows)


def resize_section(
    performance: UUID,
    section: UUID,
    capacity: int,
    *,
    remove_seats: Sequence[UUID],
    reason: str,
    key: str | None,
) -> Call[structs.Resized]:
    """Give a section a new size."""
    body = {"capacity": capacity, "remove_seats": remove_seats, "reason": reason}
    path = f"performances/{performance}/sections/{section}/resize"
    return _post(path, structs.Resized, body, key)


def reallocate(
    performance: UUID,
    allocation: UUID,
    to_ticket_type: UUID | str | None,
    quantity: int,
    *,
    seats: Sequence[UUID],
    reason: str,
    key: str | None,
) -> Call[structs.Reallocated]:
    """Move unsold places to another ticket type."""
    body = {
        "to_ticket_type": to_ticket_type,
        "quantity": quantity,
        "seats": seats,
        "reason": reason,
    }
    path = f"performances/{performance}/allocations/{allocation}/reallocate"
    return _post(path, structs.Reallocated, body, key)


def _post(path: str, answer: type[T], body: Any, key: str | None) -> Call[T]:
    return Call("POST", PREFIX + path, answer, body=body, key=key_or_new(key))
