"""Manage events: rows with a version."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
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
    for_all_events,
    own_key,
    tag,
)
from fullhouse.api.manage_schemas import catalogue as shapes
from fullhouse.api.routes.manage_rows import change_row, columns, remove_row
from fullhouse.events.models import Event
from fullhouse.events.services import catalogue

router = Router(tags=["manage"], auth=MANAGE)
EVENT = "events/{uuid:event_id}"


@router.get(
    "events",
    response=documented(200, shapes.EventRows),
    summary="Events by title, as rows",
    operation_id="manage_list_events",
)
def list_events(
    request: ApiRequest, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> shapes.EventRows:
    """List the key's events."""
    rows, following = page_after(_events(request), ("title", "id"), cursor, limit)
    return shapes.EventRows(items=[_event_row(row) for row in rows], next=following)


@router.post(
    "events",
    response=documented(201, shapes.EventRow),
    summary="Make an event",
    operation_id="manage_create_event",
)
def create_event(
    request: ApiRequest, body: shapes.EventIn, response: HttpResponse, key: Key = None
) -> Any:
    """Make an event at a venue; needs a key for all events."""
    for_all_events(request)
    made = catalogue.create(Event, columns(body.dict()), idempotency_key=own_key(request, key))
    return Status(201, _event(request, made.row_id, response))


@router.get(
    EVENT,
    response=documented(200, shapes.EventRow),
    summary="One event, as a row",
    operation_id="manage_get_event",
)
def get_event(request: ApiRequest, event_id: UUID, response: HttpResponse) -> shapes.EventRow:
    """Return an event and, as its ETag, the version of its row."""
    return _event(request, event_id, response)


@router.patch(
    EVENT,
    response=documented(200, shapes.EventRow),
    summary="Change an event",
    operation_id="manage_change_event",
)
def change_event(
    request: ApiRequest,
    event_id: UUID,
    body: shapes.EventChange,
    response: HttpResponse,
    key: Key = None,
    if_match: IfMatch = None,
) -> shapes.EventRow:
    """Change an event; another venue must hold its largest performance."""
    _event(request, event_id, response)
    if "venue" in body.model_fields_set:
        for_all_events(request)
    change_row(request, Event, event_id, body, key, if_match)
    return _event(request, event_id, response)


@router.delete(
    EVENT,
    response=documented(204, None),
    summary="Delete an event",
    operation_id="manage_delete_event",
)
def delete_event(
    request: ApiRequest,
    event_id: UUID,
    key: Key = None,
    if_match: IfMatch = None,
) -> Any:
    """Delete an event without ticket types and performances; needs a key for all events."""
    for_all_events(request)
    return remove_row(request, Event, event_id, key, if_match)


def own_event(request: ApiRequest, event_id: UUID) -> Event:
    """Return an event of the key's. Raises Http404 for any other."""
    row = _events(request).filter(pk=event_id).first()
    if row is None:
        raise Http404
    return row


def _events(request: ApiRequest) -> QuerySet[Event]:
    allowed = request.caller.event_ids
    return Event.objects.filter(pk__in=allowed) if allowed else Event.objects.all()


def _event(request: ApiRequest, event_id: UUID, response: HttpResponse) -> shapes.EventRow:
    row = own_event(request, event_id)
    tag(response, catalogue.version_of(row))
    return _event_row(row)


def _event_row(row: Event) -> shapes.EventRow:
    return shapes.EventRow(id=row.pk, venue=row.venue_id, title=row.title, slug=row.slug)
