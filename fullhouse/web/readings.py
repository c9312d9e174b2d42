"""What the pages read: a fixed number of queries each, whatever the size of the house."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Min, Q, Sum
from django.db.models.functions import Coalesce, Now

from fullhouse.events.models import (
    EventSection,
    LineStatus,
    Movement,
    Reservation,
    ReservationLine,
    Seat,
    SectionTicketType,
)
from fullhouse.web.places import AllocationNode, House, Places, SectionNode

LAST_MOVEMENTS = 12
HOUSE_HOLDS = 50

_OVERDUE = Q(reservation__expires_at__lte=Now())


def places_of(performance: Any) -> Places:
    """Return the places of a row of `performances`."""
    return Places(
        total=performance.max_capacity,
        available=performance.free,
        reserved=performance.reserved_capacity - performance.overdue,
        sold=performance.sold_capacity,
    )


def house_of(performance_id: UUID, *, show_house: bool = False) -> House:
    """Return the capacity tree, in four queries.

    What the house keeps is told apart for staff only (`show_house`); for others it is reserved.
    """
    sections = EventSection._base_manager.filter(performance=performance_id).order_by(
        "position", "name"
    )
    leaves: dict[UUID, list[AllocationNode]] = {}
    held = _held(performance_id)
    numbered = _numbered(performance_id)
    rows = SectionTicketType.objects.filter(performance=performance_id).select_related(
        "section", "ticket_type"
    )
    for row in rows.order_by(F("ticket_type__name").asc(nulls_last=True)):
        leaves.setdefault(row.section_id, []).append(
            _leaf(row, held.get(row.pk, {}), numbered.get(row.pk, {}), show_house)
        )
    nodes = tuple(_section(each, leaves.get(each.pk, [])) for each in sections)
    return House(sum((node.places for node in nodes), Places()), nodes)


def _held(performance_id: UUID) -> dict[UUID, dict[str, Any]]:
    rows = (
        ReservationLine.objects.filter(performance=performance_id, status=LineStatus.RESERVED)
        .order_by()
        .values("allocation_id")
        .annotate(
            overdue=Coalesce(Sum("quantity", filter=_OVERDUE), 0),
            house=Coalesce(Sum("quantity", filter=Q(reservation__kind=Reservation.Kind.HOUSE)), 0),
        )
    )
    return {row["allocation_id"]: dict(row) for row in rows}


def _numbered(performance_id: UUID) -> dict[UUID, dict[str, Any]]:
    rows = (
        Seat.objects.filter(performance=performance_id)
        .order_by()
        .values("allocation_id")
        .annotate(seats=Count("pk"), low=Min("price"), high=Max("price"))
    )
    return {row["allocation_id"]: dict(row) for row in rows}


def _leaf(
    row: SectionTicketType, held: dict[str, Any], seats: dict[str, Any], show_house: bool
) -> AllocationNode:
    overdue = held.get("overdue", 0)
    return AllocationNode(
        id=row.pk,
        name=row.ticket_type.name if row.ticket_type else None,
        places=Places(
            total=row.allocated_capacity,
            available=row.available_capacity + overdue,
            reserved=row.reserved_capacity - overdue,
            sold=row.sold_capacity,
            house=held.get("house", 0) if show_house else 0,
        ),
        price=row.final_price,
        seats=seats.get("seats", 0),
        own_price_from=seats.get("low"),
        own_price_to=seats.get("high"),
    )


def _section(row: EventSection, leaves: list[AllocationNode]) -> SectionNode:
    return SectionNode(
        id=row.pk,
        name=row.name,
        currency=row.currency,
        places=sum((leaf.places for leaf in leaves), Places()),
        seats=sum(leaf.seats for leaf in leaves),
        allocations=tuple(leaves),
    )


def last_movements(performance_id: UUID) -> list[Movement]:
    """Return the ledger's last rows of a performance, newest first."""
    found = Movement.objects.filter(performance=performance_id)
    return list(found.order_by("-at", "-id")[:LAST_MOVEMENTS])


def house_holds(performance_id: UUID) -> list[Any]:
    """Return what the house keeps, with `places` each, newest first. For staff only."""
    found = Reservation.objects.filter(
        performance=performance_id, kind=Reservation.Kind.HOUSE, status=LineStatus.RESERVED
    ).annotate(
        places=Coalesce(Sum("lines__quantity", filter=Q(lines__status=LineStatus.RESERVED)), 0)
    )
    return list(found.order_by("-created_at", "id")[:HOUSE_HOLDS])
