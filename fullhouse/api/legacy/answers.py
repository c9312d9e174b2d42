"""From what compat returns to the payloads of old."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from uuid import UUID

from fullhouse.api.legacy import schemas
from fullhouse.compat.values import Allocation, SeatView, Section, summary_section
from fullhouse.events.domain.names import name_key


def seat_list(performance: UUID, found: Iterable[SeatView]) -> schemas.SeatListOut:
    """Return seats as one list."""
    seats = list(map(_seat, found))
    return schemas.SeatListOut(performance_id=performance, seats=seats, total_count=len(seats))


def seats(performance: UUID, found: Iterable[SeatView]) -> schemas.SeatsOut:
    """Return seats as one list and section by section; they come in house order.

    Old rows may spell a section in several ways: it is one section, by its commonest name.
    """
    listed = seat_list(performance, found)
    sections = []
    for _, of_section in groupby(listed.seats, key=lambda seat: name_key(seat.section)):
        same = list(of_section)
        names = [seat.section for seat in same]
        name = max(sorted(set(names)), key=names.count)
        sections.append(schemas.SectionSeatsOut(name=name, seats=same, total_count=len(same)))
    return schemas.SeatsOut(
        performance_id=performance,
        seats=listed.seats,
        total_count=listed.total_count,
        sections=sections,
    )


def section(performance: UUID, found: Section) -> schemas.SectionOut:
    """Return a section of a list."""
    parts = list(found.ticket_types)
    payload = summary_section(found.name, found.total_capacity, parts)
    return schemas.SectionOut(id=found.id, performance_id=performance, **payload)


def section_type(section_id: UUID, found: Allocation) -> schemas.SectionTypeOut:
    """Return a ticket type's places in a section, of a list."""
    return schemas.SectionTypeOut(
        id=found.id,
        section_id=section_id,
        section_name=found.section,
        ticket_type_id=found.ticket_type.id if found.ticket_type else None,
        **_places(found),
    )


def reserved(found: Allocation) -> schemas.ReservedOut:
    """Return a hold that was just made."""
    hold = found.hold
    if hold is None:
        raise ValueError("a hold was to be made")
    return schemas.ReservedOut(
        success=True,
        message="",
        allocation=schemas.AllocationOut(
            id=found.id,
            section=found.section,
            ticket_type_id=found.ticket_type.id if found.ticket_type else None,
            **_places(found),
        ),
        hold=schemas.HoldOut(
            quantity=hold.quantity,
            seat_ids=list(hold.seat_ids),
            reservation_id=hold.reservation_id,
            reference=hold.reference,
            token=hold.token,
            expires_at=hold.expires_at,
            total=hold.total,
            currency=hold.currency,
        ),
    )


def _places(found: Allocation) -> schemas.Extra:
    return {
        "name": found.ticket_type.name if found.ticket_type else None,
        "allocated_capacity": found.allocated_capacity,
        "available_capacity": found.available_capacity,
        "reserved_capacity": found.reserved_capacity,
        "sold_capacity": found.sold_capacity,
        "final_price": found.final_price,
    }


def _seat(found: SeatView) -> schemas.SeatOut:
    kind = found.ticket_type
    return schemas.SeatOut(
        id=found.id,
        seat_id=found.id,
        section=found.section,
        row_number=found.row_number,
        seat_number=found.seat_number,
        status=found.status,
        is_available=found.is_available,
        ticket_type_id=kind.id if kind else None,
        ticket_type=kind.name if kind else None,
        price=found.price,
        currency=found.currency,
    )
