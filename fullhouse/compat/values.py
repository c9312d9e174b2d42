"""What the old calls answer, the same from either side. Counts are places."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

Summary = dict[str, Any]  # the payload that old code and old pages read; see `summary` below


@dataclass(frozen=True, slots=True)
class TicketType:
    """A ticket type, as far as old code reads it."""

    id: UUID
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Standing:
    """A performance's numbers at one instant.

    `bookable` of the available places have no numbered seat and can be had by book_capacity;
    `is_available` says whether it is on sale.
    """

    max_capacity: int
    current_capacity: int
    available_capacity: int
    bookable: int
    is_available: bool


@dataclass(frozen=True, slots=True)
class SeatView:
    """A seat at one instant. `status`: available, reserved, sold or blocked (by the house)."""

    id: UUID
    performance_id: UUID
    section: str
    row_number: str
    seat_number: str
    status: str
    is_available: bool
    ticket_type: TicketType | None
    price: Decimal | None
    currency: str

    @property
    def pk(self) -> UUID:
        """The key, as on a model instance."""
        return self.id


@dataclass(frozen=True, slots=True)
class Hold:
    """Places held. Before the cut-over only `seat_ids` are there: seats with status reserved.

    After it the hold ends at `expires_at` unless it is confirmed by its `reservation_id`.
    """

    quantity: int
    seat_ids: tuple[UUID, ...] = ()
    reservation_id: UUID | None = None
    reference: str = ""
    token: str = ""
    expires_at: datetime | None = None
    total: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Allocation:
    """Places of a section for one ticket type (None: sold as any type).

    `id` is None before the cut-over: the legacy tables have no row for it. `hold` is set where
    the call has just held places.
    """

    id: UUID | None
    section: str
    ticket_type: TicketType | None
    allocated_capacity: int
    available_capacity: int
    reserved_capacity: int
    sold_capacity: int
    final_price: Decimal | None
    hold: Hold | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section.

    Where it was just made, `id` is None before the cut-over; a listing tells the id to be.
    """

    id: UUID | None
    name: str
    total_capacity: int
    ticket_types: tuple[Allocation, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """Where a performance belongs; a draft is not for the public."""

    event_id: UUID
    is_draft: bool


@dataclass(frozen=True, slots=True)
class Validation:
    """Whether the data stand proved; `findings` are sentences."""

    ok: bool
    authority: Literal["legacy", "fullhouse"]
    findings: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.ok


def summary(standing: Standing, sections: list[Summary]) -> Summary:
    """Return the payload of get_capacity_summary; rates are percentages of places taken."""
    return {
        "performance": {
            "max_capacity": standing.max_capacity,
            "current_capacity": standing.current_capacity,
            "available_capacity": standing.available_capacity,
            "occupancy_rate": rate(standing.current_capacity, standing.max_capacity),
        },
        "sections": sections,
    }


def summary_section(name: str, total: int, allocations: list[Allocation]) -> Summary:
    """Return one section of the payload from its allocations."""
    reserved = sum(each.reserved_capacity for each in allocations)
    sold = sum(each.sold_capacity for each in allocations)
    return {
        "name": name,
        "total_capacity": total,
        "available_capacity": sum(each.available_capacity for each in allocations),
        "reserved_capacity": reserved,
        "sold_capacity": sold,
        "occupancy_rate": rate(reserved + sold, total),
        "ticket_types": [
            {
                "name": each.ticket_type.name if each.ticket_type else None,
                "allocated_capacity": each.allocated_capacity,
                "available_capacity": each.available_capacity,
                "reserved_capacity": each.reserved_capacity,
                "sold_capacity": each.sold_capacity,
                "final_price": each.final_price,
            }
            for each in allocations
        ],
    }


def rate(taken: int, places: int) -> float:
    """Return the percentage of places taken, two decimals; of no places it is 0."""
    return round(100 * taken / places, 2) if places else 0.0
