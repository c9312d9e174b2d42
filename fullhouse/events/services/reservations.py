"""Read a reservation as it stands, with its lines. Reads only, locks nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db import Error, connections
from django.utils import timezone

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.domain.pricing import line_amount
from fullhouse.events.domain.references import token_matches
from fullhouse.events.engine.failures import failure
from fullhouse.events.engine.sql_files import schema
from fullhouse.events.models import LineStatus
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


# One row a line, the reservation's columns first; a reservation without lines has one row too.
# By key, whatever the statistics say: an evening that has just gone on sale has none yet, and the
# planner would then read all its reservations and seats for one.
# Arguments: a list of reservations, the performance.
_STATES: Final = """
    SELECT r.id, r.performance_id, p.event_id, r.reference, r.kind, r.status, r.customer,
           r.channel, r.created_at, r.expires_at, r.token_hash,
           l.id, l.status, s.id, s.name, s.currency, l.allocation_id, l.ticket_type_id, t.name,
           l.seat_id, z.row_number, z.seat_number, l.quantity, l.unit_price, l.places_per_ticket
    FROM unnest(%s::uuid[]) AS w (id)
    CROSS JOIN LATERAL (
        SELECT * FROM {schema}.events_reservation WHERE id = w.id OFFSET 0) AS r
    JOIN {schema}.events_eventperformance AS p ON p.id = r.performance_id
    LEFT JOIN LATERAL (
        SELECT * FROM {schema}.events_reservationline WHERE reservation_id = r.id OFFSET 0
    ) AS l ON l.performance_id = r.performance_id
    LEFT JOIN LATERAL (
        SELECT * FROM {schema}.events_sectiontickettype WHERE id = l.allocation_id OFFSET 0
    ) AS a ON a.performance_id = r.performance_id
    LEFT JOIN LATERAL (
        SELECT * FROM {schema}.events_eventsection WHERE id = a.section_id OFFSET 0
    ) AS s ON s.performance_id = r.performance_id
    LEFT JOIN {schema}.events_tickettype AS t ON t.id = l.ticket_type_id
    LEFT JOIN LATERAL (
        SELECT * FROM {schema}.events_seat WHERE id = l.seat_id OFFSET 0
    ) AS z ON z.performance_id = r.performance_id
    WHERE r.performance_id = %s
    ORDER BY r.id, l.id
"""
_OF_RESERVATION: Final = 11


def reservation_state(
    *, performance_id: UUID, reservation_id: UUID, using: str = "default"
) -> ReservationState:
    """Return a reservation with its lines, in one query. Raises Refusal `unknown`; Conflict."""
    check_ids(performance_id=performance_id, reservation_id=reservation_id)
    try:
        with connections[using].cursor() as cursor:
            cursor.execute(*states_query(performance_id, [reservation_id]))
            found = states_told(cursor.fetchall())
    except Error as error:
        raise failure(error) from error
    return found.get(reservation_id) or _missing(reservation_id)


def states_query(performance_id: UUID, ids: Sequence[UUID]) -> tuple[str, list[Any]]:
    """Return the SQL and its values that read these reservations of a performance, each once."""
    return _STATES.format(schema=schema()), [list(dict.fromkeys(ids)), performance_id]


def states_told(rows: Iterable[Sequence[Any]]) -> dict[UUID, ReservationState]:
    """Return the reservations of the rows of `states_query` that were found, by id."""
    now = timezone.now()
    grouped = groupby(rows, key=lambda row: row[:_OF_RESERVATION])
    return {found[0]: _state(found, list(lines), now) for found, lines in grouped}


def _missing(reservation_id: UUID) -> ReservationState:
    raise Refusal("unknown", {"what": "reservation", "id": str(reservation_id)})


def _state(
    found: Sequence[Any], rows: list[Sequence[Any]], now: datetime.datetime
) -> ReservationState:
    (key, performance, event, reference, kind, status, customer, channel, made, ends, secret) = (
        found
    )
    overdue = status == LineStatus.RESERVED and ends is not None and ends <= now
    placed = [row[_OF_RESERVATION:] for row in rows if row[_OF_RESERVATION] is not None]
    lines = tuple(_line(row, overdue) for row in placed)
    live = (LineStatus.RESERVED, LineStatus.SOLD)
    return ReservationState(
        reservation_id=key,
        performance_id=performance,
        event_id=event,
        reference=reference,
        kind=kind,
        status=LineStatus.EXPIRED if overdue else status,
        customer=customer,
        channel=channel,
        created_at=made,
        expires_at=ends,
        lines=lines,
        currency=placed[0][_CURRENCY] if placed else "",
        total=sum((line.amount for line in lines if line.status in live), Decimal(0)),
        token_hash=bytes(secret) if secret else None,
    )


_CURRENCY: Final = 4


def _line(row: Sequence[Any], overdue: bool) -> LineState:
    (
        key, status, section, section_name, _, allocation, kind, kind_name,
        seat, row_number, seat_number, quantity, unit_price, size,
    ) = row  # fmt: skip
    lapsed = overdue and status == LineStatus.RESERVED
    return LineState(
        line_id=key,
        status=LineStatus.EXPIRED if lapsed else status,
        section_id=section,
        section=section_name,
        allocation_id=allocation,
        ticket_type_id=kind,
        ticket_type=kind_name,
        seat_id=seat,
        row_number=row_number,
        seat_number=seat_number,
        quantity=quantity,
        unit_price=unit_price,
        places_per_ticket=size,
        amount=line_amount(unit_price, quantity, size),
    )
