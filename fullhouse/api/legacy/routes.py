"""The old addresses, one for one."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from ninja import Header, Query, Router

from fullhouse.api.edge import ApiRequest
from fullhouse.api.legacy import answers, schemas
from fullhouse.api.legacy.place import change, look, place
from fullhouse.api.routes.answers import with_problems
from fullhouse.compat.arguments import InvalidArgument, as_count
from fullhouse.compat.manager import DEFAULT_TTL_SECONDS
from fullhouse.compat.sides import on_authority
from fullhouse.compat.words import say
from fullhouse.events.domain.errors import InvalidRequest, Refusal

router = Router(tags=["legacy"])

SectionName = Annotated[
    str | None, Query(description="any spelling of the section's name", max_length=100)
]


@router.get(
    "capacity/{uuid:performance_id}/summary/",
    response=with_problems(200, schemas.SummaryOut),
    operation_id="legacy_summary",
    deprecated=True,
)
@router.get(
    "performances/{uuid:performance_id}/capacity-summary/",
    response=with_problems(200, schemas.SummaryOut),
    operation_id="legacy_capacity_summary",
    deprecated=True,
)
def get_summary(request: ApiRequest, performance_id: UUID) -> Any:
    """Return a performance's places, by section and ticket type."""
    return look(request, performance_id, lambda side: side.summary(performance_id))


@router.get(
    "capacity/{uuid:performance_id}/available_seats/",
    response=with_problems(200, schemas.SeatListOut),
    operation_id="legacy_available_seats",
    deprecated=True,
)
def get_available_seats(
    request: ApiRequest,
    performance_id: UUID,
    ticket_type_id: Annotated[UUID | None, Query(description="sold as this type")] = None,
    section_name: SectionName = None,
) -> schemas.SeatListOut:
    """Return the numbered seats that can be had now."""
    found = look(
        request,
        performance_id,
        lambda side: side.free_seats(performance_id, ticket_type_id, section_name),
    )
    return answers.seat_list(performance_id, found)


@router.get(
    "performances/{uuid:performance_id}/seats/",
    response=with_problems(200, schemas.SeatsOut),
    operation_id="legacy_seats",
    deprecated=True,
)
def get_seats(
    request: ApiRequest, performance_id: UUID, section: SectionName = None
) -> schemas.SeatsOut:
    """Return all numbered seats with their status, as one list and by section."""
    found = look(request, performance_id, lambda side: side.seats(performance_id, section))
    return answers.seats(performance_id, found)


@router.get(
    "sections/",
    response=with_problems(200, list[schemas.SectionOut]),
    operation_id="legacy_sections",
    deprecated=True,
)
def list_sections(request: ApiRequest, performance_id: Annotated[UUID, Query()]) -> Any:
    """List the sections of a performance."""
    found = look(request, performance_id, lambda side: side.sections(performance_id))
    return [answers.section(performance_id, each) for each in found]


@router.get(
    "section-ticket-types/",
    response=with_problems(200, list[schemas.SectionTypeOut]),
    operation_id="legacy_section_ticket_types",
    deprecated=True,
)
def list_section_ticket_types(request: ApiRequest, section_id: Annotated[UUID, Query()]) -> Any:
    """List the places of a section by ticket type."""
    performance = on_authority(place(), lambda side: side.home_of_section(section_id))
    found = look(request, performance, lambda side: side.sections(performance))
    for each in found:
        if each.id == section_id:
            return [answers.section_type(section_id, part) for part in each.ticket_types]
    raise Refusal("unknown", {"what": "section", "id": str(section_id)})


@router.post(
    "capacity/{uuid:performance_id}/reserve_seats/",
    response=with_problems(200, schemas.ReservedOut),
    operation_id="legacy_reserve_seats",
    deprecated=True,
)
def reserve_seats(
    request: ApiRequest,
    performance_id: UUID,
    body: schemas.ReserveIn,
    key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> schemas.ReservedOut:
    """Hold places of a section for a ticket type, all or nothing, at the house's price."""
    if key is not None:
        # The old tables have no room for it: a promise that only one side keeps is none.
        raise InvalidRequest("Idempotency-Key", "not known here; use /api/v1/")
    for name in msgspec.json.decode(request.body):
        if "price" in name.lower():
            raise InvalidArgument(name, say("price_of_caller"))
    count = as_count("count", body.count)
    held = change(
        request,
        performance_id,
        lambda side: side.reserve(
            performance_id, body.ticket_type_id, body.section_name, count, DEFAULT_TTL_SECONDS
        ),
    )
    return answers.reserved(held)
