"""From what services return to what goes over the wire."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from fullhouse.api import schemas
from fullhouse.events.domain.pricing import line_amount
from fullhouse.events.models import Event, EventPerformance, LineStatus, Venue
from fullhouse.events.services.availability import (
    Availability,
    SectionAvailability,
    TypeAvailability,
)
from fullhouse.events.services.best_available import Choice
from fullhouse.events.services.outcomes import moment
from fullhouse.events.services.reservations import LineState, ReservationState
from fullhouse.events.services.reserve_many import Made, Prepared

# Prices are kept with two decimals, whatever the currency.
_STORED: Final = Decimal("0.01")

# Every operation may answer these; a body adds 400, 413 and 422.
PROBLEMS: dict[int, type[schemas.Problem]] = dict.fromkeys(
    (400, 401, 403, 404, 408, 409, 411, 413, 422, 429, 500, 503), schemas.Problem
)


def with_problems(status: int, schema: Any) -> dict[int, Any]:
    """Return the documented answers of an operation."""
    return {status: schema, **PROBLEMS}


def venue_out(venue: Venue) -> schemas.VenueOut:
    """Return a venue."""
    return schemas.VenueOut(
        id=venue.pk,
        name=venue.name,
        city=venue.city,
        country=venue.country,
        time_zone=venue.time_zone,
        total_capacity=venue.total_capacity,
    )


def event_out(event: Event) -> schemas.EventOut:
    """Return an event; its venue and active ticket types must be fetched already."""
    types = sorted(event.ticket_types.all(), key=lambda each: each.name)
    return schemas.EventOut(
        id=event.pk,
        title=event.title,
        slug=event.slug,
        venue=venue_out(event.venue),
        ticket_types=[
            schemas.TicketTypeOut(
                id=each.pk,
                name=each.name,
                code=each.code,
                places_per_ticket=each.places_per_ticket,
            )
            for each in types
            if each.is_active
        ],
    )


def performance_out(row: EventPerformance) -> schemas.PerformanceOut:
    """Return a row of `listings.performances`."""
    event = row.event
    overdue: int = row.overdue  # type: ignore[attr-defined]
    return schemas.PerformanceOut(
        id=row.pk,
        event=schemas.EventRef(id=event.pk, title=event.title, slug=event.slug),
        venue=venue_out(event.venue),
        starts_at=datetime.datetime.combine(
            row.date, row.start_time, ZoneInfo(event.venue.time_zone)
        ),
        status=row.status,
        sales_open_at=row.sales_open_at,
        sales_close_at=row.sales_close_at,
        total=row.max_capacity,
        available=row.available_capacity + overdue,
        reserved=row.reserved_capacity - overdue,
        sold=row.sold_capacity,
    )


def availability_facts(found: Availability) -> dict[str, Any]:
    """Return what can be had now, in the order of AvailabilityOut."""
    return {
        "performance": found.performance_id,
        "status": found.status,
        "total": found.max_capacity,
        "available": found.available_capacity,
        "reserved": found.reserved_capacity,
        "sold": found.sold_capacity,
        "sections": [_section(each) for each in found.sections],
    }


def availability_out(found: Availability) -> schemas.AvailabilityOut:
    """Return what can be had now."""
    return schemas.AvailabilityOut(**availability_facts(found))


def choice_out(found: Choice) -> schemas.ChoiceOut:
    """Return how the best seats were chosen."""
    return schemas.ChoiceOut(
        parts=found.parts,
        leaves_single=found.leaves_single,
        restricted_view=found.restricted_view,
        rejected=dict(found.rejected),
    )


def reservation_out(
    found: ReservationState, token: str | None = None, choice: schemas.ChoiceOut | None = None
) -> schemas.ReservationOut:
    """Return a reservation; its token, and how it was chosen, only where it was just made."""
    return schemas.ReservationOut(**reservation_facts(found, token, choice))


def reservation_facts(
    found: ReservationState, token: str | None = None, choice: schemas.ChoiceOut | None = None
) -> dict[str, Any]:
    """Return a reservation as `reservation_out`, in the order of ReservationOut."""
    return {
        "id": found.reservation_id,
        "performance": found.performance_id,
        "reference": found.reference,
        "token": token,
        "kind": found.kind,
        "status": found.status,
        "customer": found.customer,
        "channel": found.channel,
        "created_at": found.created_at,
        "expires_at": found.expires_at,
        "lines": [_line(each) for each in found.lines],
        "total": str(found.total),
        "currency": found.currency,
        "choice": choice,
    }


def made_facts(
    outcome: Mapping[str, Any], asked: Prepared, performance_id: UUID, made: Made
) -> dict[str, Any]:
    """Return a hold that was made this moment, as `reservation_facts` would when it is read.

    `outcome` is what the engine granted, `asked` what it was asked.
    """
    lines = [_made_line(line, made) for line in outcome["lines"]]
    return {
        "id": outcome["reservation_id"],
        "performance": performance_id,
        "reference": outcome["reference"],
        "token": asked.token,
        "kind": asked.body["kind"],
        "status": LineStatus.RESERVED.value,
        "customer": asked.body["customer"],
        "channel": asked.body["channel"],
        "created_at": made.made_at,
        "expires_at": moment(outcome["expires_at"]),
        "lines": lines,
        "total": str(sum(Decimal(line["amount"]) for line in lines)),
        "currency": outcome["currency"],
        "choice": None,
    }


def _made_line(line: Mapping[str, Any], made: Made) -> dict[str, Any]:
    section, section_name = made.sections[line["allocation_id"]]
    kind, quantity = line["ticket_type_id"], line["quantity"]
    price, amount = _amounts(line["unit_price"], quantity, line["places_per_ticket"])
    return {
        "id": line["id"],
        "status": LineStatus.RESERVED.value,
        "section": section,
        "section_name": section_name,
        "ticket_type": kind,
        "ticket_type_name": made.types.get(kind),
        "seat": None,
        "row": None,
        "number": None,
        "quantity": quantity,
        "unit_price": price,
        "amount": amount,
    }


# An evening has few prices and thousands of buyers.
@lru_cache(maxsize=1024)
def _amounts(unit_price: str, quantity: int, places_per_ticket: int) -> tuple[str, str]:
    price = Decimal(unit_price).quantize(_STORED)
    return str(price), str(line_amount(price, quantity, places_per_ticket))


def _section(found: SectionAvailability) -> dict[str, Any]:
    return {
        "id": found.section_id,
        "name": found.name,
        "currency": found.currency,
        "total": found.total_capacity,
        "available": found.available_capacity,
        "reserved": found.reserved_capacity,
        "sold": found.sold_capacity,
        "ticket_types": [_type(each) for each in found.ticket_types],
    }


def _type(found: TypeAvailability) -> dict[str, Any]:
    return {
        "allocation": found.allocation_id,
        "ticket_type": found.ticket_type_id,
        "name": found.name,
        "total": found.allocated_capacity,
        "available": found.available_capacity,
        "unseated": found.unseated_available,
        "reserved": found.reserved_capacity,
        "sold": found.sold_capacity,
        "price": str(found.final_price),
    }


def _line(found: LineState) -> dict[str, Any]:
    return {
        "id": found.line_id,
        "status": found.status,
        "section": found.section_id,
        "section_name": found.section,
        "ticket_type": found.ticket_type_id,
        "ticket_type_name": found.ticket_type,
        "seat": found.seat_id,
        "row": found.row_number,
        "number": found.seat_number,
        "quantity": found.quantity,
        "unit_price": str(found.unit_price),
        "amount": str(found.amount),
    }
