"""What can be had now, by section and ticket type. One query; holds past their deadline are free.

Under it: `availability_v1`, `free_seats_v1`. Reads only, locks nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from fullhouse.events.engine.calls import Statement, call, run
from fullhouse.events.services.outcomes import check_ids, granted


@dataclass(frozen=True, slots=True)
class TypeAvailability:
    """An allocation, in places. `ticket_type_id` None: the pool, which every type may use.

    `unseated_available` of the available places have no numbered seat. `final_price` is what
    a ticket of `places_per_ticket` places costs in the section's currency; a seat may have its own.
    """

    allocation_id: UUID
    ticket_type_id: UUID | None
    name: str | None
    allocated_capacity: int
    available_capacity: int
    unseated_available: int
    reserved_capacity: int
    sold_capacity: int
    final_price: Decimal
    places_per_ticket: int = 1


@dataclass(frozen=True, slots=True)
class SectionAvailability:
    """A section, in places; counters are the sums over its ticket types."""

    section_id: UUID
    name: str
    currency: str
    base_price: Decimal
    total_capacity: int
    available_capacity: int
    reserved_capacity: int
    sold_capacity: int
    ticket_types: tuple[TypeAvailability, ...]


@dataclass(frozen=True, slots=True)
class Availability:
    """A performance, in places, at one instant. `status` says whether it is on sale."""

    performance_id: UUID
    status: str
    max_capacity: int
    available_capacity: int
    reserved_capacity: int
    sold_capacity: int
    sections: tuple[SectionAvailability, ...]


@dataclass(frozen=True, slots=True)
class FreeSeat:
    """A numbered seat that can be had now; `price` is its own, else its allocation's.

    Of a type whose tickets take several places, `price` is for `places_per_ticket` seats together.
    """

    seat_id: UUID
    row_number: str
    seat_number: str
    allocation_id: UUID
    ticket_type_id: UUID | None
    price: Decimal
    is_accessible: bool
    is_companion: bool
    is_premium: bool
    has_restricted_view: bool
    places_per_ticket: int = 1


def availability(*, performance_id: UUID, using: str = "default") -> Availability:
    """Return the places of a performance by section and ticket type.

    Raises Refusal: unknown; InvalidRequest, Conflict, EngineFault.
    """
    return availability_told(run(availability_statement(performance_id), using=using))


def availability_statement(performance_id: UUID) -> Statement:
    """Return what `availability` asks the engine. Raises InvalidRequest."""
    check_ids(performance_id=performance_id)
    return Statement("availability_v1", performance_id, {})


def availability_told(outcome: dict[str, Any]) -> Availability:
    """Return the engine's answer. Raises Refusal `unknown`."""
    facts = granted(outcome, "found")
    return Availability(
        performance_id=UUID(facts["performance_id"]),
        status=facts["status"],
        max_capacity=facts["max_capacity"],
        **_counters(facts),
        sections=tuple(map(_section, facts["sections"])),
    )


def free_seats(
    *, performance_id: UUID, section_id: UUID, using: str = "default"
) -> tuple[FreeSeat, ...]:
    """Return the numbered seats of a section that can be had now, row by row.

    Raises Refusal: unknown; InvalidRequest, Conflict, EngineFault.
    """
    check_ids(performance_id=performance_id)
    check_ids(section_id=section_id)
    facts = granted(call("free_seats_v1", performance_id, using=using, section=section_id), "found")
    return tuple(map(_seat, facts["seats"]))


def _counters(facts: Mapping[str, Any]) -> dict[str, int]:
    names = ("available_capacity", "reserved_capacity", "sold_capacity")
    return {name: facts[name] for name in names}


def _section(facts: Mapping[str, Any]) -> SectionAvailability:
    return SectionAvailability(
        section_id=UUID(facts["section_id"]),
        name=facts["name"],
        currency=facts["currency"],
        base_price=Decimal(facts["base_price"]),
        total_capacity=facts["total_capacity"],
        **_counters(facts),
        ticket_types=tuple(map(_type, facts["allocations"])),
    )


def _type(facts: Mapping[str, Any]) -> TypeAvailability:
    return TypeAvailability(
        allocation_id=UUID(facts["allocation_id"]),
        ticket_type_id=_id_or_none(facts["ticket_type_id"]),
        name=facts["name"],
        allocated_capacity=facts["allocated_capacity"],
        unseated_available=facts["unseated_available"],
        **_counters(facts),
        final_price=Decimal(facts["final_price"]),
        places_per_ticket=facts["places_per_ticket"],
    )


def _seat(facts: Mapping[str, Any]) -> FreeSeat:
    ids = {
        "seat_id": UUID(facts["seat_id"]),
        "allocation_id": UUID(facts["allocation_id"]),
        "ticket_type_id": _id_or_none(facts["ticket_type_id"]),
        "price": Decimal(facts["price"]),
    }
    return FreeSeat(**{**facts, **ids})


def _id_or_none(value: str | None) -> UUID | None:
    return UUID(value) if value else None
