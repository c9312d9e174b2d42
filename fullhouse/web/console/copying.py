"""The house of an earlier performance as the template of a new one."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from fullhouse.events.domain.configuration import AllocationPlan, HousePlan, SeatPlan, SectionPlan
from fullhouse.events.models import EventSection, Seat, SectionTicketType, TicketType
from fullhouse.events.services.catalogue import create as create_row

_COPIED = ("name", "code", "price_modifier", "places_per_ticket", "is_active")
_FLAGS = ("is_accessible", "is_companion", "is_premium", "has_restricted_view")


def types_like(event_id: UUID, new_event_id: UUID) -> dict[UUID, UUID]:
    """Return, by ticket type of an event, that of the other by name; missing ones are made."""
    there = {one.name: one.pk for one in TicketType.objects.filter(event=new_event_id)}
    pairs = {}
    for one in TicketType.objects.filter(event=event_id):
        if one.name not in there:
            values = {name: getattr(one, name) for name in _COPIED}
            made = create_row(TicketType, {**values, "event_id": new_event_id})
            there[one.name] = made.row_id
        pairs[one.pk] = there[one.name]
    return pairs


def house_of(performance_id: UUID, types: Mapping[UUID, UUID]) -> HousePlan:
    """Return sections, allocations, prices and seats of a performance; sales are no part of it.

    `types` gives the ticket type of the new event for each one. Three queries.
    """
    leaves: dict[UUID, list[SectionTicketType]] = {}
    type_of: dict[UUID, UUID | None] = {}
    for leaf in SectionTicketType.objects.filter(performance=performance_id):
        leaves.setdefault(leaf.section_id, []).append(leaf)
        type_of[leaf.pk] = types[leaf.ticket_type_id] if leaf.ticket_type_id else None
    seats: dict[UUID, list[SeatPlan]] = {}
    rows = Seat.objects.filter(performance=performance_id).order_by("row_rank", "seat_rank", "id")
    for seat in rows:
        seats.setdefault(seat.section_id, []).append(_seat(seat, type_of[seat.allocation_id]))
    sections = EventSection._base_manager.filter(performance=performance_id)
    return HousePlan(
        tuple(
            SectionPlan(
                name=one.name,
                base_price=one.base_price,
                total_capacity=one.total_capacity,
                currency=one.currency,
                orphan_rule=one.orphan_rule,
                focal_row_rank=one.focal_row_rank,
                focal_seat_rank=one.focal_seat_rank,
                ticket_types=tuple(
                    AllocationPlan(
                        ticket_type_id=type_of[leaf.pk],
                        allocated_capacity=leaf.allocated_capacity,
                        price_modifier=leaf.price_modifier,
                    )
                    for leaf in leaves.get(one.pk, [])
                ),
                seats=tuple(seats.get(one.pk, [])),
            )
            for one in sections.order_by("position", "name")
            if one.total_capacity
        )
    )


def _seat(seat: Seat, ticket_type_id: UUID | None) -> SeatPlan:
    return SeatPlan(
        row_number=seat.row_number,
        seat_number=seat.seat_number,
        ticket_type_id=ticket_type_id,
        price=seat.price,
        x=seat.x,
        y=seat.y,
        row_rank=seat.row_rank or None,
        seat_rank=seat.seat_rank or None,
        **{name: getattr(seat, name) for name in _FLAGS},
    )
