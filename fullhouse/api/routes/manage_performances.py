"""Manage performances: made with their whole house in one call, changed, put off, called off."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpResponse
from ninja import Query, Router
from ninja.responses import Status

from fullhouse.api.cursor import DEFAULT_LIMIT, page_after, part_after
from fullhouse.api.edge import ApiRequest
from fullhouse.api.manage import (
    MANAGE,
    Cursor,
    IfMatch,
    Key,
    Limit,
    documented,
    own_performance,
    said,
    sees,
    tag,
)
from fullhouse.api.manage_schemas import catalogue as shapes
from fullhouse.api.manage_schemas.kinds import NeedsWhy
from fullhouse.api.routes.manage_rows import change_row, columns, remove_row
from fullhouse.events.domain.configuration import HousePlan
from fullhouse.events.models import EventPerformance
from fullhouse.events.services import catalogue
from fullhouse.events.services.cancel import (
    RefundsDue,
    cancel_performance,
    postpone_performance,
    refunds_due,
    resume_performance,
)
from fullhouse.events.services.new_performance import new_performance

router = Router(tags=["manage"], auth=MANAGE)
PERFORMANCE = "performances/{uuid:performance_id}"


@router.get(
    "performances",
    response=documented(200, shapes.PerformanceRows),
    summary="Performances by date, as rows, drafts among them",
    operation_id="manage_list_performances",
)
def list_performances(
    request: ApiRequest,
    event: Annotated[UUID | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> shapes.PerformanceRows:
    """List the performances of the key's events, or of one of them."""
    rows = EventPerformance._base_manager.all()
    if request.caller.event_ids:
        rows = rows.filter(event__in=request.caller.event_ids)
    if event is not None:
        rows = rows.filter(event=event)
    found, following = page_after(rows, ("date", "start_time", "id"), cursor, limit)
    return shapes.PerformanceRows(items=[_out(row) for row in found], next=following)


@router.post(
    "performances",
    response=documented(201, shapes.PerformanceRow),
    summary="Make a performance with its house",
    operation_id="manage_create_performance",
)
def create_performance(
    request: ApiRequest, body: shapes.PerformanceIn, response: HttpResponse, key: Key = None
) -> Any:
    """Make a performance with its sections, ticket types and seats, all or nothing."""
    if not sees(request, body.event):
        raise Http404
    house = body.dict(include={"sections"}, exclude_none=True) if body.sections else None
    made = new_performance(
        values=columns(body.dict(exclude={"reason", "sections"})),
        plan=None if house is None else HousePlan.from_configuration(house),
        **said(request, body.reason, key),
    )
    return Status(201, _one(request, made.row_id, response))


@router.get(
    PERFORMANCE,
    response=documented(200, shapes.PerformanceRow),
    summary="One performance, as a row",
    operation_id="manage_get_performance",
)
def get_performance(
    request: ApiRequest, performance_id: UUID, response: HttpResponse
) -> shapes.PerformanceRow:
    """Return a performance and, as its ETag, the version of its row."""
    return _one(request, performance_id, response)


@router.patch(
    PERFORMANCE,
    response=documented(200, shapes.PerformanceRow),
    summary="Change a performance",
    operation_id="manage_change_performance",
)
def change_performance(
    request: ApiRequest,
    performance_id: UUID,
    body: shapes.PerformanceChange,
    response: HttpResponse,
    key: Key = None,
    if_match: IfMatch = None,
) -> shapes.PerformanceRow:
    """Change date, status, sales window and the rest; a note keeps what it was."""
    own_performance(request, performance_id)
    change_row(request, EventPerformance, performance_id, body, key, if_match)
    return _one(request, performance_id, response)


@router.delete(
    PERFORMANCE,
    response=documented(204, None),
    summary="Delete a performance",
    operation_id="manage_delete_performance",
)
def delete_performance(
    request: ApiRequest, performance_id: UUID, key: Key = None, if_match: IfMatch = None
) -> Any:
    """Delete a performance that never had a section; any other is cancelled instead."""
    row = EventPerformance._base_manager.filter(pk=performance_id).first()
    if row is not None and not sees(request, row.event_id):
        raise Http404
    return remove_row(request, EventPerformance, performance_id, key, if_match)


@router.post(
    f"{PERFORMANCE}/postpone",
    response=documented(200, shapes.PerformanceRow),
    summary="Put a performance off",
    operation_id="manage_postpone_performance",
)
def postpone(
    request: ApiRequest,
    performance_id: UUID,
    body: shapes.PostponeIn,
    response: HttpResponse,
    key: Key = None,
) -> shapes.PerformanceRow:
    """Put it off, to a date or to an open one; what is held or sold stays valid."""
    own_performance(request, performance_id)
    postpone_performance(
        performance_id=performance_id,
        date=body.date,
        start_time=body.start_time,
        **said(request, body.reason, key),
    )
    return _one(request, performance_id, response)


@router.post(
    f"{PERFORMANCE}/resume",
    response=documented(200, shapes.PerformanceRow),
    summary="Put a postponed performance on sale again",
    operation_id="manage_resume_performance",
)
def resume(
    request: ApiRequest,
    performance_id: UUID,
    body: NeedsWhy,
    response: HttpResponse,
    key: Key = None,
) -> shapes.PerformanceRow:
    """Put it on sale again, at the date it has."""
    own_performance(request, performance_id)
    resume_performance(performance_id=performance_id, **said(request, body.reason, key))
    return _one(request, performance_id, response)


@router.get(
    f"{PERFORMANCE}/refunds-due",
    response=documented(200, shapes.RefundsDueOut),
    summary="What cancelling would have to pay back",
    operation_id="manage_refunds_due",
)
def get_refunds_due(
    request: ApiRequest, performance_id: UUID, cursor: Cursor = None, limit: Limit = DEFAULT_LIMIT
) -> shapes.RefundsDueOut:
    """Tell what would have to be paid back now, and the sum of all; nothing moves."""
    own_performance(request, performance_id)
    due = refunds_due(performance_id=performance_id)
    found, following = part_after(due.refunds, lambda one: str(one.reservation_id), cursor, limit)
    return _due(replace(due, refunds=tuple(found)), following)


@router.post(
    f"{PERFORMANCE}/cancel",
    response=documented(200, shapes.CancelledOut),
    summary="Cancel a performance",
    operation_id="manage_cancel_performance",
)
def cancel(
    request: ApiRequest, performance_id: UUID, body: NeedsWhy, key: Key = None
) -> shapes.CancelledOut:
    """Refund its sales, release everything else, strike the waiting off."""
    own_performance(request, performance_id)
    done = cancel_performance(performance_id=performance_id, **said(request, body.reason, key))
    return shapes.CancelledOut(
        performance=performance_id,
        refunded=done.refunded,
        released=done.released,
        due=_due(done.due),
    )


def _one(
    request: ApiRequest, performance_id: UUID, response: HttpResponse
) -> shapes.PerformanceRow:
    row = EventPerformance._base_manager.filter(pk=performance_id).first()
    if row is None or not sees(request, row.event_id):
        raise Http404
    tag(response, catalogue.version_of(row))
    return _out(row)


def _out(row: EventPerformance) -> shapes.PerformanceRow:
    return shapes.PerformanceRow(
        id=row.pk,
        event=row.event_id,
        date=row.date,
        start_time=row.start_time,
        status=row.status,
        sales_open_at=row.sales_open_at,
        sales_close_at=row.sales_close_at,
        hold_ceiling_seconds=row.hold_ceiling_seconds,
        waiting_list_first=row.waiting_list_first,
        accessible_release_at=row.accessible_release_at,
        capacity=row.max_capacity,
        plan=row.seating_plan_id,
        plan_version=row.plan_version,
    )


def _due(found: RefundsDue, following: str | None = None) -> shapes.RefundsDueOut:
    return shapes.RefundsDueOut(
        refunds=[
            shapes.RefundDueOut(
                reservation=each.reservation_id,
                reference=each.reference,
                kind=each.kind,
                places=each.places,
                amount=str(each.amount),
                currency=each.currency,
            )
            for each in found.refunds
        ],
        amounts={currency: str(amount) for currency, amount in found.amounts.items()},
        next=following,
    )
