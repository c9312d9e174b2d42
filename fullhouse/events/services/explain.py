"""Tells how a seat, an allocation or a reservation came to be what it is, from the ledger.

Under it: `story_v1`. Sentences are made by `domain/stories.py`.
"""

import json
from dataclasses import dataclass, replace
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import Error, connections

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.domain.stories import Entry
from fullhouse.events.engine.failures import failure
from fullhouse.events.engine.sql_files import schema
from fullhouse.events.models import EventPerformance, Reservation, Seat, SectionTicketType
from fullhouse.events.services.outcomes import check_ids, check_quantity

LAST_MOST = 10_000
_COLUMNS = (
    "SELECT at, operation, from_state, to_state, places, seats, reference, actor, reason, facts,"
    " earlier"
)


@dataclass(frozen=True, slots=True)
class Story:
    """`entries` oldest first, in the venue's time; `earlier` ones are not among them.

    `about` names the thing; `now` is its state: a seat's or reservation's status, an
    allocation's counters.
    """

    about: str
    now: str
    entries: tuple[Entry, ...]
    earlier: int


def explain_seat(
    *, seat_id: UUID, performance_id: UUID | None = None, last: int = 200, using: str = "default"
) -> Story:
    """Return the story of a seat. One that was taken away is found by its performance.

    Raises Refusal: unknown; InvalidRequest, Conflict, EngineFault.
    """
    check_ids(seat_id=seat_id)
    seat = Seat.objects.using(using).select_related("section").filter(pk=seat_id).first()
    if seat is None and performance_id is None:
        raise Refusal("unknown", {"what": "seat", "id": str(seat_id)})
    about, now = f"{seat_id}", "–"
    if seat is not None:
        performance_id = seat.performance_id
        about, now = f"{seat.section.name} {seat}", seat.status
    story = _story(performance_id, about, now, last, using, seat=seat_id)
    if seat is None and not story.entries:
        raise Refusal("unknown", {"what": "seat", "id": str(seat_id)})
    return story


def explain_allocation(*, allocation_id: UUID, last: int = 200, using: str = "default") -> Story:
    """Return the story of an allocation. Raises as explain_seat does."""
    check_ids(allocation_id=allocation_id)
    found = (
        SectionTicketType.objects.using(using)
        .select_related("section", "ticket_type")
        .filter(pk=allocation_id)
        .first()
    )
    if found is None:
        raise Refusal("unknown", {"what": "allocation", "id": str(allocation_id)})
    about = f"{found.section.name} · {found.ticket_type.name if found.ticket_type else 'pool'}"
    now = (
        f"{found.available_capacity} available, {found.reserved_capacity} reserved, "
        f"{found.sold_capacity} sold"
    )
    return _story(found.performance_id, about, now, last, using, allocation=allocation_id)


def explain_reservation(*, reservation_id: UUID, last: int = 200, using: str = "default") -> Story:
    """Return the story of a reservation. Raises as explain_seat does."""
    check_ids(reservation_id=reservation_id)
    found = Reservation.objects.using(using).filter(pk=reservation_id).first()
    if found is None:
        raise Refusal("unknown", {"what": "reservation", "id": str(reservation_id)})
    return _story(
        found.performance_id,
        found.reference,
        found.status,
        last,
        using,
        reservation=reservation_id,
    )


def seat_named(
    *, performance_id: UUID, section: str, row: str, number: str, using: str = "default"
) -> UUID:
    """Return the seat of these labels, as they are written. Raises Refusal: unknown."""
    seats = Seat.objects.using(using).filter(performance_id=performance_id)
    found = seats.filter(section__name=section, row_number=row, seat_number=number).first()
    if found is None:
        raise Refusal("unknown", {"what": "seat", "id": f"{section}/{row}/{number}"})
    return found.pk


def _story(
    performance_id: UUID | None,
    about: str,
    now: str,
    last: int,
    using: str,
    *,
    seat: UUID | None = None,
    allocation: UUID | None = None,
    reservation: UUID | None = None,
) -> Story:
    check_quantity("last", last, LAST_MOST)
    try:
        with connections[using].cursor() as cursor:
            source = f"FROM {schema()}.story_v1(%s, %s, %s, %s, %s)"
            cursor.execute(
                f"{_COLUMNS} {source}",
                [performance_id, seat, allocation, reservation, last],
            )
            rows = cursor.fetchall()
    except Error as error:
        raise failure(error) from error
    zone = _zone(performance_id, using)
    labels = _labels({one for row in rows for one in row[5] or ()}, performance_id, using)
    entries = tuple(
        Entry(
            at=row[0].astimezone(zone),
            operation=row[1],
            from_state=row[2],
            to_state=row[3],
            places=int(row[4]),
            seats=tuple(labels.get(one, str(one)) for one in row[5] or ()),
            reference=row[6],
            actor=row[7],
            reason=row[8],
            facts=json.loads(row[9]) if isinstance(row[9], str) else row[9],
        )
        for row in rows
    )
    if seat is not None:  # it is the seat of every entry
        entries = tuple(replace(entry, seats=()) for entry in entries)
    return Story(about, now, entries, rows[0][10] if rows else 0)


def _labels(seats: set[UUID], performance_id: UUID | None, using: str) -> dict[UUID, str]:
    rows = Seat.objects.using(using).filter(performance_id=performance_id, pk__in=seats)
    return {row.pk: str(row) for row in rows}


def _zone(performance_id: UUID | None, using: str) -> ZoneInfo:
    """Return the time zone of the venue, where people read the clock."""
    name = (
        EventPerformance.objects.using(using)
        .filter(pk__in=[performance_id] if performance_id else [])
        .values_list("event__venue__time_zone", flat=True)
        .first()
    )
    if name is None:
        raise InvalidRequest("performance_id", "is unknown")
    return ZoneInfo(name)
