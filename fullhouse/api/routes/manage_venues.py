"""Manage venues: rows with a version; a key for some events reads those of its events."""

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
from fullhouse.api.routes import answers
from fullhouse.api.routes.manage_rows import change_row, remove_row
from fullhouse.api.schemas import VenueOut
from fullhouse.events.models import Event, Venue
from fullhouse.events.services import catalogue

router = Router(tags=["manage"], auth=MANAGE)
VENUE = "venues/{uuid:venue_id}"


@router.get(
    "venues",
    response=documented(200, shapes.VenuePage),
    summary="Venues by name",
    operation_id="manage_list_venues",
)
def list_venues(
    request: ApiRequest, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> shapes.VenuePage:
    """List venues; a key for some events sees those of its events."""
    rows, following = page_after(_venues(request), ("name", "id"), cursor, limit)
    return shapes.VenuePage(items=[answers.venue_out(row) for row in rows], next=following)


@router.post(
    "venues",
    response=documented(201, VenueOut),
    summary="Make a venue",
    operation_id="manage_create_venue",
)
def create_venue(
    request: ApiRequest, body: shapes.VenueIn, response: HttpResponse, key: Key = None
) -> Any:
    """Make a venue; needs a key for all events."""
    for_all_events(request)
    made = catalogue.create(Venue, body.dict(), idempotency_key=own_key(request, key))
    return Status(201, _venue(request, made.row_id, response))


@router.get(
    VENUE,
    response=documented(200, VenueOut),
    summary="One venue",
    operation_id="manage_get_venue",
)
def get_venue(request: ApiRequest, venue_id: UUID, response: HttpResponse) -> VenueOut:
    """Return a venue and, as its ETag, the version of its row."""
    return _venue(request, venue_id, response)


@router.patch(
    VENUE,
    response=documented(200, VenueOut),
    summary="Change a venue",
    operation_id="manage_change_venue",
)
def change_venue(
    request: ApiRequest,
    venue_id: UUID,
    body: shapes.VenueChange,
    response: HttpResponse,
    key: Key = None,
    if_match: IfMatch = None,
) -> VenueOut:
    """Change a venue, never below its largest performance; needs a key for all events."""
    _venue(request, venue_id, response)
    for_all_events(request)
    change_row(request, Venue, venue_id, body, key, if_match)
    return _venue(request, venue_id, response)


@router.delete(
    VENUE,
    response=documented(204, None),
    summary="Delete a venue",
    operation_id="manage_delete_venue",
)
def delete_venue(
    request: ApiRequest,
    venue_id: UUID,
    key: Key = None,
    if_match: IfMatch = None,
) -> Any:
    """Delete a venue without events and plans; needs a key for all events."""
    for_all_events(request)
    return remove_row(request, Venue, venue_id, key, if_match)


def _venues(request: ApiRequest) -> QuerySet[Venue]:
    allowed = request.caller.event_ids
    if not allowed:
        return Venue.objects.all()
    return Venue.objects.filter(pk__in=Event.objects.filter(pk__in=allowed).values("venue"))


def _venue(request: ApiRequest, venue_id: UUID, response: HttpResponse) -> VenueOut:
    row = _venues(request).filter(pk=venue_id).first()
    if row is None:
        raise Http404
    tag(response, catalogue.version_of(row))
    return answers.venue_out(row)
