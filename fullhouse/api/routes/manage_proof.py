"""Proof: the audit, the house at an instant, how something came about, the ledger as a file."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import msgspec
from django.http import Http404, StreamingHttpResponse
from django.utils.translation import get_language
from ninja import Query, Router

from fullhouse.announce.locks import alone
from fullhouse.api.edge import ApiRequest
from fullhouse.api.manage import ADMIN, MANAGE, documented, own_performance, required
from fullhouse.api.manage_schemas import proof as shapes
from fullhouse.api.manage_schemas.kinds import Moment
from fullhouse.events.domain.errors import Conflict, InvalidRequest
from fullhouse.events.domain.stories import told
from fullhouse.events.models import Reservation, Seat, SectionTicketType
from fullhouse.events.services.audit import audit
from fullhouse.events.services.explain import (
    Story,
    explain_allocation,
    explain_reservation,
    explain_seat,
)
from fullhouse.events.services.ledger import COLUMNS, Stretch, movements
from fullhouse.events.services.time_machine import HouseAt, PlacesAt, house_at

router = Router(tags=["manage"], auth=MANAGE)
PERFORMANCE = "performances/{uuid:performance_id}"
_MEDIA: Final = {"ndjson": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}
_EXPORT: Final[dict[str, Any]] = {
    "responses": {
        200: {
            "description": "A movement a line, in the order of their ids.",
            "content": {
                "application/x-ndjson": {"schema": {"type": "string"}},
                "text/csv": {"schema": {"type": "string"}},
            },
        }
    }
}
# How a formula may begin for a spreadsheet; OWASP, CSV injection.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
#: One write to the network each: large enough to be cheap, small enough to begin at once.
_LINES_AT_ONCE: Final = 500


@router.get(
    "audit",
    auth=ADMIN,
    response=documented(200, shapes.AuditOut),
    summary="Does the house add up?",
    operation_id="manage_audit",
)
def get_audit(
    request: ApiRequest, performance: Annotated[UUID | None, Query()] = None
) -> shapes.AuditOut:
    """Recompute every rule and the ledger, of one performance or of all, beside sales.

    One at a time, whoever asks: 503 while another is under way.
    """
    if performance is not None:
        own_performance(request, performance)
    elif request.caller.event_ids:
        raise InvalidRequest("performance", "a key for some events names one of theirs")
    with alone("audit over HTTP") as first:
        if not first:
            raise Conflict("another audit is under way")
        found = audit(performance_id=performance)
    return shapes.AuditOut(
        sound=not found,
        findings=[
            shapes.FindingOut(
                rule=each.rule,
                table=each.table,
                id=each.id,
                performance=each.performance_id,
                expected=each.expected,
                found=each.found,
            )
            for each in found
        ],
    )


@router.get(
    f"{PERFORMANCE}/at",
    response=documented(200, shapes.HouseAtOut),
    summary="The house at an instant",
    operation_id="manage_house_at",
)
def get_house_at(
    request: ApiRequest,
    performance_id: UUID,
    time: Annotated[Moment | None, Query(description="left out: now")] = None,
    seats: Annotated[bool, Query(description="each numbered seat too")] = False,
) -> shapes.HouseAtOut:
    """Return every counter as it was, folded from the ledger."""
    own_performance(request, performance_id)
    return _house(house_at(performance_id=performance_id, at=time, with_seats=seats), seats)


@router.get(
    f"{PERFORMANCE}/story",
    response=documented(200, shapes.StoryOut),
    summary="How something came about",
    operation_id="manage_story",
)
def get_story(
    request: ApiRequest,
    performance_id: UUID,
    seat: Annotated[UUID | None, Query()] = None,
    allocation: Annotated[UUID | None, Query()] = None,
    reservation: Annotated[UUID | None, Query()] = None,
    last: Annotated[int, Query(ge=1, le=10_000)] = 200,
) -> shapes.StoryOut:
    """Tell the story of one seat, allocation or reservation, in sentences."""
    own_performance(request, performance_id)
    if [seat, allocation, reservation].count(None) != 2:
        raise InvalidRequest("seat", "name one of seat, allocation, reservation")
    if seat is not None:
        # One that was taken away is known to the ledger alone.
        if Seat.objects.exclude(performance=performance_id).filter(pk=seat).exists():
            raise Http404
        return _story(explain_seat(seat_id=seat, performance_id=performance_id, last=last))
    if allocation is not None:
        required(SectionTicketType, performance_id, allocation)
        return _story(explain_allocation(allocation_id=allocation, last=last))
    named = reservation or UUID(int=0)
    required(Reservation, performance_id, named)
    return _story(explain_reservation(reservation_id=named, last=last))


@router.get(
    "ledger",
    response=documented(200, None),
    summary="The ledger as a file",
    operation_id="manage_export_ledger",
    openapi_extra=_EXPORT,
)
def export_ledger(
    request: ApiRequest,
    performance: Annotated[UUID | None, Query()] = None,
    since: Annotated[Moment | None, Query(alias="from", description="included")] = None,
    until: Annotated[Moment | None, Query(alias="to", description="not included")] = None,
    after: Annotated[UUID | None, Query(description="the last id that you have")] = None,
    limit: Annotated[int | None, Query(ge=1)] = None,
    format: Annotated[Literal["ndjson", "csv"], Query()] = "ndjson",
) -> StreamingHttpResponse:
    """Stream movements of the key's events, in the order of their making."""
    if performance is not None:
        own_performance(request, performance)
    stretch = Stretch(
        performance_id=performance,
        event_ids=request.caller.event_ids,
        since=since,
        until=until,
        after=after,
        limit=limit,
    )
    lines = _csv(stretch) if format == "csv" else _ndjson(stretch)
    return StreamingHttpResponse(
        lines,
        content_type=_MEDIA[format],
        headers={"Content-Disposition": f'attachment; filename="ledger.{format}"'},
    )


def _ndjson(stretch: Stretch) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    lines = bytearray()
    for number, row in enumerate(movements(stretch), start=1):
        lines += encode(dict(zip(COLUMNS, row, strict=True))) + b"\n"
        if number % _LINES_AT_ONCE == 0:
            yield bytes(lines)
            lines.clear()
    yield bytes(lines)


def _csv(stretch: Stretch) -> Iterator[bytes]:
    text = io.StringIO()
    write = csv.writer(text).writerow
    write(COLUMNS)
    for number, row in enumerate(movements(stretch), start=1):
        write([_cell(each) for each in row])
        if number % _LINES_AT_ONCE == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _cell(value: object) -> object:
    """Return a value that no spreadsheet takes for a formula: reasons are other people's text."""
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _places(found: PlacesAt) -> dict[str, int]:
    return {
        "capacity": found.capacity,
        "available": found.available,
        "unseated": found.unseated,
        "reserved": found.reserved,
        "sold": found.sold,
    }


def _house(found: HouseAt, with_seats: bool) -> shapes.HouseAtOut:
    return shapes.HouseAtOut(
        performance=found.performance_id,
        at=found.at,
        **_places(found.places),
        sections=[
            shapes.SectionAtOut(
                id=section.section_id,
                name=section.name,
                **_places(section.places),
                allocations=[
                    shapes.AllocationAtOut(
                        id=one.allocation_id, ticket_type=one.ticket_type, **_places(one.places)
                    )
                    for one in section.allocations
                ],
            )
            for section in found.sections
        ],
        seats=[
            shapes.SeatAtOut(
                id=each.seat_id,
                allocation=each.allocation_id,
                row=each.row_number,
                number=each.seat_number,
                status=each.status,
            )
            for each in found.seats
        ]
        if with_seats
        else None,
    )


def _story(found: Story) -> shapes.StoryOut:
    language = get_language() or "en"
    return shapes.StoryOut(
        about=found.about,
        now=found.now,
        earlier=found.earlier,
        entries=[
            shapes.StepOut(
                at=each.at,
                operation=each.operation,
                from_state=each.from_state,
                to_state=each.to_state,
                places=each.places,
                seats=list(each.seats),
                reference=each.reference,
                actor=each.actor,
                reason=each.reason,
                facts=dict(each.facts),
                sentence=told(each, language),
            )
            for each in found.entries
        ],
    )
