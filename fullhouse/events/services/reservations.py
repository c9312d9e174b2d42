"""Read a reservation as it stands, with its lines. Reads only, locks nothing."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.domain.pricing import line_amount
from fullhouse.events.domain.references import token_matches
from fullhouse.events.models import LineStatus, Reservation, ReservationLine
from fullhouse.events.services.outcomes import check_ids


@dataclass(frozen=True, slots=True)
class LineState:
    """Places of one reservation in one allocation; `amount` is what they cost together."""

    line_id: UUID
    status: str
    section_id: UUID
    section: str
    allocation_id: UUID
    ticket_type_id: UUID | None
    ticket_type: str | None
    seat_id: UUID | None
    row_number: str | None
    seat_number: str | None
    quantity: int
    unit_price: Decimal
    places_per_ticket: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ReservationState:
    """A reservation now. A hold past its deadline is `expired`, whether or not it was swept.

    `total` counts the lines that are held or sold. `currency` is '' where no line is left.
    """

    reservation_id: UUID
    performance_id: UUID
    event_id: UUID
    reference: str
    kind: str
    status: str
    customer: str
    channel: str
    created_at: datetime.datetime
    expires_at: datetime.datetime | None
    lines: tuple[LineState, ...]
    currency: str
    total: Decimal
    token_hash: bytes | None

    def opens_with(self, token: str) -> bool:
        """Tell in constant time whether `token` is the secret of this reservation's buyer."""
        return token_matches(token, self.token_hash)


def reservation_state(
    *, performance_id: UUID, reservation_id: UUID, using: str = "default"
) -> ReservationState:
    """Return a reservation with its lines, in two queries. Raises Refusal `unknown`."""
    check_ids(performance_id=performance_id, reservation_id=reservation_id)
    found = (
        Reservation.objects.using(using)
        .select_related("performance")
        .filter(performance=performance_id, pk=reservation_id)
        .first()
    )
    if found is None:
        raise Refusal("unknown", {"what": "reservation", "id": str(reservation_id)})
    rows = list(
        ReservationLine.objects.using(using)
        .filter(performance=performance_id, reservation=reservation_id)
        .select_related("allocation__section", "ticket_type", "seat")
        .order_by("id")
    )
    overdue = (
        found.status == LineStatus.RESERVED
        and found.expires_at is not None
        and found.expires_at <= timezone.now()
    )
    lines = tuple(_line(row, overdue) for row in rows)
    live = (LineStatus.RESERVED, LineStatus.SOLD)
    return ReservationState(
        reservation_id=found.pk,
        performance_id=performance_id,
        event_id=found.performance.event_id,
        reference=found.reference,
        kind=found.kind,
        status=LineStatus.EXPIRED if overdue else found.status,
        customer=found.customer,
        channel=found.channel,
        created_at=found.created_at,
        expires_at=found.expires_at,
        lines=lines,
        currency=rows[0].allocation.section.currency if rows else "",
        total=sum((line.amount for line in lines if line.status in live), Decimal(0)),
        token_hash=bytes(found.token_hash) if found.token_hash else None,
    )


def _line(row: ReservationLine, overdue: bool) -> LineState:
    section, seat = row.allocation.section, row.seat
    lapsed = overdue and row.status == LineStatus.RESERVED
    return LineState(
        line_id=row.pk,
        status=LineStatus.EXPIRED if lapsed else row.status,
        section_id=section.pk,
        section=section.name,
        allocation_id=row.allocation_id,
        ticket_type_id=row.ticket_type_id,
        ticket_type=row.ticket_type.name if row.ticket_type else None,
        seat_id=row.seat_id,
        row_number=seat.row_number if seat else None,
        seat_number=seat.seat_number if seat else None,
        quantity=row.quantity,
        unit_price=row.unit_price,
        places_per_ticket=row.places_per_ticket,
        amount=line_amount(row.unit_price, row.quantity, row.places_per_ticket),
    )
