"""What anybody may read: events, performances, what is left."""

from __future__ import annotations

import datetime
from typing import Annotated
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from ninja import Query, Router

from fullhouse.api import schemas
from fullhouse.api.access import sees
from fullhouse.api.cursor import DEFAULT_LIMIT, MAX_LIMIT, page_after
from fullhouse.api.edge import ApiRequest
from fullhouse.api.models import Scope
from fullhouse.api.routes import answers
from fullhouse.events.models import Event, EventPerformance
from fullhouse.events.services import listings
from fullhouse.events.services.availability import availability

router = Router(tags=["read"])

Cursor = Annotated[str | None, Query(description="`next` of the page before", max_length=500)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


@router.get(
    "events",
    response=answers.with_problems(200, schemas.EventPage),
    summary="Events by title",
    operation_id="list_events",
)
def list_events(
    request: ApiRequest, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> schemas.EventPage:
    """List events with their venue and the ticket types on offer."""
    rows, following = page_after(_events(request), ("title", "id"), cursor, limit)
    return schemas.EventPage(items=[answers.event_out(row) for row in rows], next=following)


@router.get(
    "events/{uuid:event_id}",
    response=answers.with_problems(200, schemas.EventOut),
    summary="One event",
    operation_id="get_event",
)
def get_event(request: ApiRequest, event_id: UUID) -> schemas.EventOut:
    """Return one event."""
    found = _events(request).filter(pk=event_id).first()
    if found is None:
        raise Http404
    return answers.event_out(found)


@router.get(
    "performances",
    response=answers.with_problems(200, schemas.PerformancePage),
    summary="Performances by date",
    operation_id="list_performances",
)
def list_performances(
    request: ApiRequest,
    event: Annotated[UUID | None, Query()] = None,
    since: Annotated[datetime.date | None, Query(alias="from")] = None,
    until: Annotated[datetime.date | None, Query(alias="to")] = None,
    available: Annotated[bool, Query(description="only what has places and is on sale")] = False,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> schemas.PerformancePage:
    """List performances, filtered by event, by day (both included) and by free places."""
    rows = listings.performances(
        event_id=event, since=since, until=until, free_only=available, drafts=_sees_drafts(request)
    )
    if _sees_drafts(request) and request.caller.event_ids:
        # A key for some events sees the drafts of those alone.
        draft = Q(status=EventPerformance.Status.DRAFT)
        rows = rows.exclude(draft & ~Q(event__in=request.caller.event_ids))
    found, following = page_after(rows, ("date", "start_time", "id"), cursor, limit)
    return schemas.PerformancePage(
        items=[answers.performance_out(row) for row in found], next=following
    )


@router.get(
    "performances/{uuid:performance_id}",
    response=answers.with_problems(200, schemas.PerformanceOut),
    summary="One performance",
    operation_id="get_performance",
)
def get_performance(request: ApiRequest, performance_id: UUID) -> schemas.PerformanceOut:
    """Return one performance with its places."""
    require_visible(request, performance_id)
    found = listings.performances(drafts=True).filter(pk=performance_id).first()
    if found is None:
        raise Http404
    return answers.performance_out(found)


@router.get(
    "performances/{uuid:performance_id}/availability",
    response=answers.with_problems(200, schemas.AvailabilityOut),
    summary="What can be had now",
    operation_id="get_availability",
)
def get_availability(request: ApiRequest, performance_id: UUID) -> schemas.AvailabilityOut:
    """Return sections and ticket types with total, available, reserved, sold and price."""
    found = availability(performance_id=performance_id)
    if found.status == EventPerformance.Status.DRAFT:
        require_visible(request, performance_id)
    return answers.availability_out(found)


def require_visible(request: ApiRequest, performance_id: UUID) -> str:
    """Return the performance's status if the caller may see it. Raises Http404.

    A draft is there only for a key with the scope `manage` for its event. Without the counters,
    which would cost every hold a sum over the house.
    """
    rows = EventPerformance._base_manager.filter(pk=performance_id)
    found = rows.values_list("status", "event_id").first()
    if found is None:
        raise Http404
    status, event_id = found
    if not sees(request.caller, status, event_id):
        raise Http404
    return str(status)


def _sees_drafts(request: ApiRequest) -> bool:
    return request.caller.may(Scope.MANAGE)


def _events(request: ApiRequest) -> QuerySet[Event]:
    """Events of which one performance is no draft; who manages an event sees it before."""
    rows = Event.objects.select_related("venue").prefetch_related("ticket_types")
    caller = request.caller
    if caller.may(Scope.MANAGE) and not caller.event_ids:
        return rows
    told = EventPerformance._base_manager.exclude(status=EventPerformance.Status.DRAFT)
    visible = Q(Exists(told.filter(event=OuterRef("pk"))))
    if caller.may(Scope.MANAGE):
        visible |= Q(pk__in=caller.event_ids)
    return rows.filter(visible)
