"""The house as it was at any past instant, folded from the ledger.

Under it: `counters_at_v1`, `seats_at_v1`. For the present instant the answer is exactly the live
counters; a movement is timed when it was decided, a moment before its commit.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import Error, connections

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.engine.failures import failure
from fullhouse.events.engine.sql_files import schema
from fullhouse.events.models import EventPerformance, EventSection, Seat, TicketType
from fullhouse.events.services.outcomes import check_ids

_COUNTERS = (
    "SELECT section_id, allocation_id, ticket_type_id, allocated, available, unseated, reserved,"
    " sold"
)
_SEATS = "SELECT seat_id, allocation_id, status"


@dataclass(frozen=True, slots=True)
class PlacesAt:
    """Counters in places. `unseated` are the available ones without a numbered seat."""

    capacity: int
    available: int
    unseated: int
    reserved: int
    sold: int


@dataclass(frozen=True, slots=True)
class AllocationAt:
    """An allocation then. `ticket_type` None: the pool."""

    allocation_id: UUID
    ticket_type: str | None
    places: PlacesAt


@dataclass(frozen=True, slots=True)
class SectionAt:
    """A section then, and its allocations. `section_id` None: they are gone since."""

    section_id: UUID | None
    name: str
    places: PlacesAt
    allocations: tuple[AllocationAt, ...]


@dataclass(frozen=True, slots=True)
class SeatAt:
    """A numbered seat then. Labels None: it was taken away since; the ledger knows its id."""

    seat_id: UUID
    allocation_id: UUID
    row_number: str | None
    seat_number: str | None
    status: str


@dataclass(frozen=True, slots=True)
class HouseAt:
    """A performance at the instant `at`."""

    performance_id: UUID
    at: datetime
    places: PlacesAt
    sections: tuple[SectionAt, ...]
    seats: tuple[SeatAt, ...]


def house_at(
    *,
    performance_id: UUID,
    at: datetime | None = None,
    with_seats: bool = True,
    using: str = "default",
) -> HouseAt:
    """Return every counter and seat of a performance at an instant (None: now).

    `at` is aware. Raises InvalidRequest for a naive or future time; Refusal: unknown; Conflict,
    EngineFault. No locks.
    """
    check_ids(performance_id=performance_id)
    if at is not None and at.tzinfo is None:
        raise InvalidRequest("at", "must say its time zone")
    try:
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (now,) = cursor.fetchall()[0]
            if at is not None and at > now:
                raise InvalidRequest("at", f"{at.isoformat()} has not come yet")
            if not EventPerformance.objects.using(using).filter(pk=performance_id).exists():
                raise Refusal("unknown", {"what": "performance", "id": str(performance_id)})
            then: datetime = now if at is None else at
            cursor.execute(
                f"{_COUNTERS} FROM {schema()}.counters_at_v1(%s, %s)",
                [performance_id, then],
            )
            counters = cursor.fetchall()
            states = []
            if with_seats:
                cursor.execute(
                    f"{_SEATS} FROM {schema()}.seats_at_v1(%s, %s)",
                    [performance_id, then],
                )
                states = cursor.fetchall()
            return _house(performance_id, then, counters, states, using)
    except Error as error:
        raise failure(error) from error


def _house(
    performance_id: UUID,
    at: datetime,
    counters: list[tuple[UUID, UUID, UUID | None, int, int, int, int, int]],
    states: list[tuple[UUID, UUID, str]],
    using: str,
) -> HouseAt:
    sections = EventSection.objects.using(using).filter(performance_id=performance_id)
    names: dict[UUID | None, str] = {}
    for section_id, name in sections.order_by("position", "id").values_list("id", "name"):
        names[section_id] = name
    kinds = {row[2] for row in counters if row[2] is not None}
    types = dict(TicketType.objects.using(using).filter(pk__in=kinds).values_list("id", "name"))
    grouped: dict[UUID | None, list[AllocationAt]] = {key: [] for key in names}
    for section_id, allocation_id, ticket_type_id, *places in counters:
        kind = None if ticket_type_id is None else types.get(ticket_type_id)
        one = AllocationAt(allocation_id, kind, PlacesAt(*map(int, places)))
        grouped.setdefault(section_id, []).append(one)
    made = tuple(
        SectionAt(
            key,
            names.get(key, "–"),
            _sum([one.places for one in parts]),
            tuple(sorted(parts, key=lambda one: (one.ticket_type is None, one.ticket_type or ""))),
        )
        for key, parts in grouped.items()
        if parts
    )
    total = _sum([section.places for section in made])
    return HouseAt(performance_id, at, total, made, _seats(performance_id, states, using))


def _sum(parts: list[PlacesAt]) -> PlacesAt:
    return PlacesAt(
        sum(one.capacity for one in parts),
        sum(one.available for one in parts),
        sum(one.unseated for one in parts),
        sum(one.reserved for one in parts),
        sum(one.sold for one in parts),
    )


def _seats(
    performance_id: UUID, states: list[tuple[UUID, UUID, str]], using: str
) -> tuple[SeatAt, ...]:
    if not states:
        return ()
    rows = (
        Seat.objects.using(using)
        .filter(performance_id=performance_id)
        .order_by("section__position", "row_rank", "seat_rank", "id")
        .values_list("id", "row_number", "seat_number")
    )
    labels: dict[UUID, tuple[int, str | None, str | None]] = {
        key: (place, row, number) for place, (key, row, number) in enumerate(rows)
    }
    found = []
    for seat_id, allocation_id, status in states:
        place, row, number = labels.get(seat_id, (len(labels), None, None))
        found.append((place, SeatAt(seat_id, allocation_id, row, number, status)))
    return tuple(seat for _, seat in sorted(found, key=lambda one: (one[0], str(one[1].seat_id))))
