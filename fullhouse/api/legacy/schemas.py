"""The payloads that old pages and programs read. Counts are places, rates percentages."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field


class CapacityOut(Schema):
    """A performance's numbers; `current_capacity` is places taken."""

    max_capacity: int
    current_capacity: int
    available_capacity: int
    occupancy_rate: float


class TypeCapacityOut(Schema):
    """A ticket type's places in a section; `name` null: sold as any type."""

    name: str | None
    allocated_capacity: int
    available_capacity: int
    reserved_capacity: int
    sold_capacity: int
    final_price: Decimal | None


class SectionCapacityOut(Schema):
    """A section's places, the sums of its ticket types'."""

    name: str
    total_capacity: int
    available_capacity: int
    reserved_capacity: int
    sold_capacity: int
    occupancy_rate: float
    ticket_types: list[TypeCapacityOut]


class SummaryOut(Schema):
    """A performance with its sections."""

    performance: CapacityOut
    sections: list[SectionCapacityOut]


class SectionOut(SectionCapacityOut):
    """A section in a list of its own. Its id is the same before and after the cut-over."""

    id: UUID | None
    performance_id: UUID


class SectionTypeOut(TypeCapacityOut):
    """A ticket type's places in a list of their own."""

    id: UUID | None
    section_id: UUID
    section_name: str
    ticket_type_id: UUID | None


class SeatOut(Schema):
    """A seat; `id` and `seat_id` are the same, as pages and carts name it differently.

    `status`: available, reserved, sold, or blocked (kept by the house).
    """

    id: UUID
    seat_id: UUID
    section: str
    row_number: str
    seat_number: str
    status: str
    is_available: bool
    ticket_type_id: UUID | None
    ticket_type: str | None
    price: Decimal | None
    currency: str


class SeatListOut(Schema):
    """Seats in house order."""

    performance_id: UUID
    seats: list[SeatOut]
    total_count: int


class SectionSeatsOut(Schema):
    """The seats of one section."""

    name: str
    seats: list[SeatOut]
    total_count: int


class SeatsOut(SeatListOut):
    """Both shapes that there were, in one: old readers take the one they know."""

    sections: list[SectionSeatsOut]


class ReserveIn(Schema):
    """What an old program sends. Other members are passed over, as they always were; not prices."""

    ticket_type_id: UUID | None = None
    section_name: str = Field(max_length=100)
    count: int = Field(strict=True)


class HoldOut(Schema):
    """Places held. The members from `reservation_id` on are null before the cut-over."""

    quantity: int
    seat_ids: list[UUID]
    reservation_id: UUID | None
    reference: str
    token: str
    expires_at: datetime.datetime | None
    total: Decimal | None
    currency: str


class AllocationOut(TypeCapacityOut):
    """What is left where the places were taken."""

    id: UUID | None
    section: str
    ticket_type_id: UUID | None


class ReservedOut(Schema):
    """Places were held; the price is the house's."""

    success: bool
    message: str
    allocation: AllocationOut
    hold: HoldOut


Extra = dict[str, Any]
