"""The same seats in many performances, by their names: what `reserve_season` is asked for."""

from collections.abc import Collection, Sequence
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest, Json, Refusal
from fullhouse.events.domain.names import name_key
from fullhouse.events.models import EventSection, Seat, TicketType
from fullhouse.events.services.outcomes import check_ids
from fullhouse.events.services.reserve import MAX_REQUESTS, Places, SeatRequest


def same_seats(
    *,
    performance_ids: Collection[UUID],
    section: str,
    seats: Sequence[tuple[str, str]],
    ticket_type: str | None = None,
    using: str = "default",
) -> dict[UUID, list[Places | SeatRequest]]:
    """Return the requests for these seats (row, number), in each performance its own.

    `section` in any spelling, rows and numbers as they are labelled, `ticket_type` by its name in
    each performance's event. Raises Refusal `season_refused` with, for each performance that has
    not all of it, the code `unknown` and what is missing; InvalidRequest. Reads only.
    """
    for performance_id in performance_ids:
        check_ids(performance_id=performance_id)
    if not 1 <= len(seats) <= MAX_REQUESTS or len(set(seats)) < len(seats):
        raise InvalidRequest("seats", f"1 to {MAX_REQUESTS} seats, each once")
    found = _seats(performance_ids, section, seats, using)
    types = _types(performance_ids, ticket_type, using)
    requests: dict[UUID, list[Places | SeatRequest]] = {}
    refused: list[Json] = []
    for key in performance_ids:
        missing = [f"{row}-{number}" for row, number in seats if (key, row, number) not in found]
        if missing:
            refused.append(_unknown(key, "seat", ", ".join(missing)))
        elif ticket_type is not None and key not in types:
            refused.append(_unknown(key, "ticket type", ticket_type))
        else:
            requests[key] = [SeatRequest(found[key, *seat], types.get(key)) for seat in seats]
    if refused:
        raise Refusal("season_refused", {"refused": refused, "count": len(refused)})
    return requests


def _seats(
    performance_ids: Collection[UUID], section: str, seats: Sequence[tuple[str, str]], using: str
) -> dict[tuple[UUID, str, str], UUID]:
    sections = EventSection.objects.using(using).filter(
        performance__in=performance_ids, name_key=name_key(section)
    )
    rows = Seat.objects.using(using).filter(
        section__in=sections.values_list("pk", flat=True),
        row_number__in={row for row, _ in seats},
        seat_number__in={number for _, number in seats},
    )
    known = rows.values_list("performance_id", "row_number", "seat_number", "pk")
    return {(performance, row, number): pk for performance, row, number, pk in known}


def _types(
    performance_ids: Collection[UUID], ticket_type: str | None, using: str
) -> dict[UUID, UUID]:
    if ticket_type is None:
        return {}
    rows = TicketType.objects.using(using).filter(
        name=ticket_type, event__performances__in=performance_ids
    )
    return dict(rows.values_list("event__performances", "pk"))


def _unknown(performance_id: UUID, what: str, name: str) -> Json:
    return {"performance_id": str(performance_id), "code": "unknown", "what": what, "id": name}
