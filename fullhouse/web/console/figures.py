"""Places of many performances, and of one by section: sums over allocations, no seat is counted.

A fixed number of queries each. Holds past their deadline count as available, as everywhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Now

from fullhouse.events.models import (
    EventPerformance,
    EventSection,
    LineStatus,
    Reservation,
    ReservationLine,
    SectionTicketType,
)
from fullhouse.web.places import Places
from fullhouse.web.sorting import sorted_by_name

KEPT: Final = (Reservation.Kind.HOUSE, Reservation.Kind.KILL)
_VENUE: Final = "performance__event__venue"
_OVERDUE = Q(reservation__expires_at__lte=Now())
_KEPT = Q(reservation__kind__in=KEPT)


@dataclass(frozen=True, slots=True)
class Leaf:
    """An allocation; `name` None: the section's pool. `price` is of one place."""

    id: UUID
    name: str | None
    places: Places
    price: Decimal


@dataclass(frozen=True, slots=True)
class Branch:
    """A section and its allocations."""

    id: UUID
    name: str
    currency: str
    places: Places
    leaves: tuple[Leaf, ...]


def found(
    *,
    text: str = "",
    venue_id: UUID | None = None,
    status: str = "",
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> QuerySet[EventPerformance]:
    """Return performances by venue and date, without counters; both days are included."""
    rows = EventPerformance._base_manager.select_related("event__venue")
    for word in text.split():
        rows = rows.filter(
            Q(event__title__icontains=word)
            | Q(event__venue__name__icontains=word)
            | Q(event__venue__city__icontains=word)
        )
    if venue_id:
        rows = rows.filter(event__venue=venue_id)
    if status:
        rows = rows.filter(status=status)
    if since:
        rows = rows.filter(date__gte=since)
    if until:
        rows = rows.filter(date__lte=until)
    order = ("event__venue__name", "event__venue", "date", "start_time", "id")
    return rows.order_by(*order)


def places_by_venue(performances: QuerySet[EventPerformance]) -> dict[UUID, Places]:
    """Return the places of all these performances together, by venue, in two queries."""
    ids = performances.order_by().values("pk")
    rows = SectionTicketType.objects.filter(performance__in=ids).order_by().values(_VENUE)
    held = {row[_VENUE]: row for row in _held(ids).values(_VENUE).annotate(**_SET)}
    return {row[_VENUE]: _places(row, held.get(row[_VENUE])) for row in rows.annotate(**_sums())}


def places_of(ids: Collection[UUID]) -> dict[UUID, Places]:
    """Return the places of each of these performances, in two queries."""
    rows = SectionTicketType.objects.filter(performance__in=ids).order_by().values("performance")
    held = {row["performance"]: row for row in _held(ids).values("performance").annotate(**_SET)}
    made = {
        row["performance"]: _places(row, held.get(row["performance"]))
        for row in rows.annotate(**_sums())
    }
    return {one: made.get(one, Places()) for one in ids}


def tree_of(performance_id: UUID) -> tuple[Branch, ...]:
    """Return the sections with their allocations, in three queries."""
    held = {
        row["allocation"]: row
        for row in _held([performance_id]).values("allocation").annotate(**_SET)
    }
    rows = SectionTicketType.objects.filter(performance=performance_id).select_related(
        "section", "ticket_type"
    )
    leaves: dict[UUID, list[Leaf]] = {}
    # The pool last; the types in the order of the reader's alphabet.
    named = sorted_by_name(rows, lambda row: row.ticket_type.name if row.ticket_type else "")
    for row in sorted(named, key=lambda row: row.ticket_type_id is None):
        places = _places(
            {
                "total": row.allocated_capacity,
                "available": row.available_capacity,
                "reserved": row.reserved_capacity,
                "sold": row.sold_capacity,
            },
            held.get(row.pk),
        )
        name = row.ticket_type.name if row.ticket_type else None
        leaves.setdefault(row.section_id, []).append(Leaf(row.pk, name, places, row.final_price))
    sections = EventSection._base_manager.filter(performance=performance_id)
    return tuple(
        Branch(
            id=one.pk,
            name=one.name,
            currency=one.currency,
            places=together(leaf.places for leaf in leaves.get(one.pk, [])),
            leaves=tuple(leaves.get(one.pk, [])),
        )
        for one in sections.order_by("position", "name")
    )


def together(parts: Iterable[Places]) -> Places:
    """Add places up."""
    return sum(parts, Places())


def takings(performance_id: UUID) -> list[tuple[str, Decimal]]:
    """Return what the sold lines cost together, by currency, in one query."""
    rows = ReservationLine.objects.filter(performance=performance_id, status=LineStatus.SOLD)
    sums = (
        rows.order_by()
        .values_list("allocation__section__currency")
        .annotate(amount=Sum(F("unit_price") * F("quantity") / F("places_per_ticket")))
    )
    return sorted((currency, round(amount, 2)) for currency, amount in sums if amount)


def _sums() -> dict[str, Any]:
    columns = {
        "total": "allocated_capacity",
        "available": "available_capacity",
        "reserved": "reserved_capacity",
        "sold": "sold_capacity",
    }
    return {name: Coalesce(Sum(column), 0) for name, column in columns.items()}


_SET: Final[dict[str, Any]] = {
    "overdue": Coalesce(Sum("quantity", filter=_OVERDUE), 0),
    "house": Coalesce(Sum("quantity", filter=_KEPT & ~_OVERDUE), 0),
}


def _held(ids: Collection[UUID] | QuerySet[EventPerformance, Any]) -> QuerySet[ReservationLine]:
    """Return live held lines that are kept by the house or past their deadline."""
    return ReservationLine.objects.filter(
        _KEPT | _OVERDUE,
        performance__in=ids,
        status=LineStatus.RESERVED,
        reservation__performance__in=ids,
        reservation__status=LineStatus.RESERVED,
    ).order_by()


def _places(row: Any, held: Any) -> Places:
    overdue = held["overdue"] if held else 0
    return Places(
        total=row["total"],
        available=row["available"] + overdue,
        reserved=row["reserved"] - overdue,
        sold=row["sold"],
        house=held["house"] if held else 0,
    )
