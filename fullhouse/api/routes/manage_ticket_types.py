"""Manage ticket types: rows with a version; what was sold is taken off sale, not deleted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from ninja import Router
from ninja.responses import Status

from fullhouse.api.cursor import DEFAULT_LIMIT, page_after
from fullhouse.api.edge import ApiRequest
from fullhouse.api.manage import (
    MANAGE,
    Cursor,
    IfMatch,
    Key,
    Limit,
    documented,
    own_key,
    sees,
    tag,
)
from fullhouse.api.manage_schemas import catalogue as shapes
from fullhouse.api.routes.manage_events import own_event
from fullhouse.api.routes.manage_rows import change_row, remove_row
from fullhouse.events.models import TicketType
from fullhouse.events.services import catalogue

router = Router(tags=["manage"], auth=MANAGE)
TICKET_TYPE = "ticket-types/{uuid:ticket_type_id}"


@router.get(
    "events/{uuid:event_id}/ticket-types",
    response=documented(200, shapes.TicketTypeRows),
    summary="Ticket types of an event",
    operation_id="manage_list_ticket_types",
)
def list_ticket_types(
    request: ApiRequest, event_id: UUID, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> shapes.TicketTypeRows:
    """List ticket types by name, those off sale among them."""
    own_event(request, event_id)
    kinds = TicketType.objects.filter(event=event_id)
    rows, following = page_after(kinds, ("name", "id"), cursor, limit)
    return shapes.TicketTypeRows(items=[_type_row(row) for row in rows], next=following)


@router.post(
    "events/{uuid:event_id}/ticket-types",
    response=documented(201, shapes.TicketTypeRow),
    summary="Make a ticket type",
    operation_id="manage_create_ticket_type",
)
def create_ticket_type(
    request: ApiRequest,
    event_id: UUID,
    body: shapes.TicketTypeIn,
    response: HttpResponse,
    key: Key = None,
) -> Any:
    """Make a ticket type of an event."""
    own_event(request, event_id)
    values = {**body.dict(), "event_id": event_id}
    made = catalogue.create(TicketType, values, idempotency_key=own_key(request, key))
    return Status(201, _ticket_type(request, made.row_id, response))


@router.get(
    TICKET_TYPE,
    response=documented(200, shapes.TicketTypeRow),
    summary="One ticket type",
    operation_id="manage_get_ticket_type",
)
def get_ticket_type(
    request: ApiRequest, ticket_type_id: UUID, response: HttpResponse
) -> shapes.TicketTypeRow:
    """Return a ticket type and, as its ETag, the version of its row."""
    return _ticket_type(request, ticket_type_id, response)


@router.patch(
    TICKET_TYPE,
    response=documented(200, shapes.TicketTypeRow),
    summary="Change a ticket type",
    operation_id="manage_change_ticket_type",
)
def change_ticket_type(
    request: ApiRequest,
    ticket_type_id: UUID,
    body: shapes.TicketTypeChange,
    response: HttpResponse,
    key: Key = None,
    if_match: IfMatch = None,
) -> shapes.TicketTypeRow:
    """Change a ticket type; what is held or sold stays as it was sold."""
    _ticket_type(request, ticket_type_id, response)
    change_row(request, TicketType, ticket_type_id, body, key, if_match)
    return _ticket_type(request, ticket_type_id, response)


@router.delete(
    TICKET_TYPE,
    response=documented(204, None),
    summary="Delete a ticket type",
    operation_id="manage_delete_ticket_type",
)
def delete_ticket_type(
    request: ApiRequest,
    ticket_type_id: UUID,
    key: Key = None,
    if_match: IfMatch = None,
) -> Any:
    """Delete a ticket type that no performance has; one that was sold is taken off sale."""
    found = TicketType.objects.filter(pk=ticket_type_id).first()
    if found is not None and not sees(request, found.event_id):
        raise Http404
    return remove_row(request, TicketType, ticket_type_id, key, if_match)


def _ticket_type(
    request: ApiRequest, ticket_type_id: UUID, response: HttpResponse
) -> shapes.TicketTypeRow:
    row = TicketType.objects.filter(pk=ticket_type_id).first()
    if row is None or not sees(request, row.event_id):
        raise Http404
    tag(response, catalogue.version_of(row))
    return _type_row(row)


def _type_row(row: TicketType) -> shapes.TicketTypeRow:
    return shapes.TicketTypeRow(
        id=row.pk,
        event=row.event_id,
        name=row.name,
        code=row.code,
        price_modifier=format(row.price_modifier.normalize(), "f"),
        places_per_ticket=row.places_per_ticket,
        is_active=row.is_active,
    )
