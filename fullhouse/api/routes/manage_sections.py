"""Manage the house of a performance: sections, allocations and seats, built, sized, edited."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from ninja import Router, Schema
from ninja.responses import Status

from fullhouse.api.edge import ApiRequest
from fullhouse.api.manage import (
    MANAGE,
    IfMatch,
    Key,
    documented,
    own_performance,
    required,
    said,
    tag,
)
from fullhouse.api.manage_schemas import structure as shapes
from fullhouse.api.routes.manage_rows import change_row
from fullhouse.api.routes.naming import Names
from fullhouse.events.domain.configuration import HousePlan
from fullhouse.events.models import EventSection, SectionTicketType
from fullhouse.events.services import catalogue
from fullhouse.events.services.open_performance import open_performance
from fullhouse.events.services.reallocate import reallocate
from fullhouse.events.services.resize import Resized, resize_allocation, resize_section
from fullhouse.events.services.seats_bulk import SeatEdit, edit_seats

router = Router(tags=["manage"], auth=MANAGE)
PERFORMANCE = "performances/{uuid:performance_id}"
SECTION = f"{PERFORMANCE}/sections/{{uuid:section_id}}"
ALLOCATION = f"{PERFORMANCE}/allocations/{{uuid:allocation_id}}"


class SectionRows(Schema):
    """All sections, in house order."""

    items: list[shapes.SectionRow]


@router.get(
    f"{PERFORMANCE}/sections",
    response=documented(200, SectionRows),
    summary="Sections and allocations, as rows",
    operation_id="manage_list_sections",
)
def list_sections(request: ApiRequest, performance_id: UUID) -> SectionRows:
    """List the sections of a performance with their allocations."""
    own_performance(request, performance_id)
    rows = _sections(performance_id).order_by("position", "id")
    return SectionRows(items=[_out(row) for row in rows])


@router.post(
    f"{PERFORMANCE}/sections",
    response=documented(201, shapes.OpenedOut),
    summary="Build sections",
    operation_id="manage_open_sections",
)
def open_sections(
    request: ApiRequest, performance_id: UUID, body: shapes.SectionsIn, key: Key = None
) -> Any:
    """Build sections with ticket types and seats beside those that are there, all or nothing."""
    own_performance(request, performance_id)
    done = open_performance(
        performance_id=performance_id,
        plan=HousePlan.from_configuration(body.dict(include={"sections"}, exclude_none=True)),
        **said(request, body.reason, key),
    )
    made = shapes.OpenedOut(
        performance=performance_id,
        capacity=done.max_capacity,
        sections=[each.section_id for each in done.sections],
    )
    return Status(201, made)


@router.get(
    SECTION,
    response=documented(200, shapes.SectionRow),
    summary="One section, as a row",
    operation_id="manage_get_section",
)
def get_section(
    request: ApiRequest, performance_id: UUID, section_id: UUID, response: HttpResponse
) -> shapes.SectionRow:
    """Return a section and, as its ETag, the version of its row."""
    own_performance(request, performance_id)
    return _one(performance_id, section_id, response)


@router.patch(
    SECTION,
    response=documented(200, shapes.SectionRow),
    summary="Change a section",
    operation_id="manage_change_section",
)
def change_section(
    request: ApiRequest,
    performance_id: UUID,
    section_id: UUID,
    body: shapes.SectionChange,
    response: HttpResponse,
    key: Key = None,
    if_match: IfMatch = None,
) -> shapes.SectionRow:
    """Change name, order, price and best places; what is held or sold keeps its price."""
    own_performance(request, performance_id)
    _one(performance_id, section_id, response)
    change_row(request, EventSection, section_id, body, key, if_match)
    return _one(performance_id, section_id, response)


@router.post(
    f"{SECTION}/resize",
    response=documented(200, shapes.ResizedOut),
    summary="Resize a section",
    operation_id="manage_resize_section",
)
def post_resize_section(
    request: ApiRequest,
    performance_id: UUID,
    section_id: UUID,
    body: shapes.ResizeIn,
    key: Key = None,
) -> shapes.ResizedOut:
    """Give a section a new size; the difference is put on one allocation, else on its pool."""
    own_performance(request, performance_id)
    required(EventSection, performance_id, section_id)
    done = resize_section(
        performance_id=performance_id,
        section_id=section_id,
        total_capacity=body.capacity,
        allocation_id=body.allocation,
        remove_seat_ids=body.remove_seats,
        **said(request, body.reason, key),
    )
    return _resized(done)


@router.patch(
    ALLOCATION,
    response=documented(200, shapes.SectionRow),
    summary="Change an allocation's price",
    operation_id="manage_change_allocation",
)
def change_allocation(
    request: ApiRequest,
    performance_id: UUID,
    allocation_id: UUID,
    body: shapes.AllocationChange,
    response: HttpResponse,
    key: Key = None,
) -> shapes.SectionRow:
    """Change the price modifier of an allocation; the answer is its section."""
    own_performance(request, performance_id)
    row = SectionTicketType.objects.filter(performance=performance_id, pk=allocation_id).first()
    if row is None:
        raise Http404
    change_row(request, SectionTicketType, allocation_id, body, key, None)
    return _one(performance_id, row.section_id, response)


@router.post(
    f"{ALLOCATION}/resize",
    response=documented(200, shapes.ResizedOut),
    summary="Resize an allocation",
    operation_id="manage_resize_allocation",
)
def post_resize_allocation(
    request: ApiRequest,
    performance_id: UUID,
    allocation_id: UUID,
    body: shapes.ResizeAllocationIn,
    key: Key = None,
) -> shapes.ResizedOut:
    """Give an allocation a new size, never below what is reserved or sold."""
    own_performance(request, performance_id)
    required(SectionTicketType, performance_id, allocation_id)
    done = resize_allocation(
        performance_id=performance_id,
        allocation_id=allocation_id,
        allocated_capacity=body.capacity,
        remove_seat_ids=body.remove_seats,
        **said(request, body.reason, key),
    )
    return _resized(done)


@router.post(
    f"{ALLOCATION}/reallocate",
    response=documented(200, shapes.ReallocatedOut),
    summary="Move unsold places to another ticket type",
    operation_id="manage_reallocate",
)
def post_reallocate(
    request: ApiRequest,
    performance_id: UUID,
    allocation_id: UUID,
    body: shapes.ReallocateIn,
    key: Key = None,
) -> shapes.ReallocatedOut:
    """Move places without a seat, and named seats, to another ticket type of the section."""
    own_performance(request, performance_id)
    required(SectionTicketType, performance_id, allocation_id)
    named = body.to_ticket_type
    done = reallocate(
        performance_id=performance_id,
        allocation_id=allocation_id,
        to_ticket_type_id=None if named is None else Names(performance_id).ticket_type(named),
        quantity=body.quantity,
        seat_ids=body.seats,
        **said(request, body.reason, key),
    )
    return shapes.ReallocatedOut(
        from_allocation=done.from_allocation_id,
        to_allocation=done.to_allocation_id,
        quantity=done.quantity,
        seats=done.seats,
        from_total=done.from_allocated_capacity,
        to_total=done.to_allocated_capacity,
    )


@router.patch(
    f"{PERFORMANCE}/seats",
    response=documented(200, shapes.SeatsEditedOut),
    summary="Edit many seats",
    operation_id="manage_edit_seats",
)
def patch_seats(
    request: ApiRequest, performance_id: UUID, body: shapes.SeatEditsIn, key: Key = None
) -> shapes.SeatsEditedOut:
    """Give seats other flags, ranks, coordinates or prices, all or nothing."""
    own_performance(request, performance_id)
    names = Names(performance_id)
    done = edit_seats(
        performance_id=performance_id,
        edits=[
            SeatEdit(names.seats(edit.seats), edit.values.dict(exclude_unset=True))
            for edit in body.edits
        ],
        **said(request, body.reason, key),
    )
    return shapes.SeatsEditedOut(seats=done.seats, plan_version=done.plan_version)


def _sections(performance_id: UUID) -> Any:
    leaves = SectionTicketType.objects.select_related("section").order_by("id")
    rows = EventSection._base_manager.filter(performance=performance_id)
    return rows.prefetch_related(Prefetch("allocations", queryset=leaves))


def _one(performance_id: UUID, section_id: UUID, response: HttpResponse) -> shapes.SectionRow:
    row = _sections(performance_id).filter(pk=section_id).first()
    if row is None:
        raise Http404
    tag(response, catalogue.version_of(row))
    return _out(row)


def _out(row: EventSection) -> shapes.SectionRow:
    return shapes.SectionRow(
        id=row.pk,
        performance=row.performance_id,
        name=row.name,
        position=row.position,
        base_price=str(row.base_price),
        currency=row.currency,
        orphan_rule=row.orphan_rule,
        focal_row_rank=row.focal_row_rank,
        focal_seat_rank=row.focal_seat_rank,
        total=row.total_capacity,
        allocations=[
            shapes.AllocationRow(
                id=each.pk,
                ticket_type=each.ticket_type_id,
                price_modifier=format(each.price_modifier.normalize(), "f"),
                price=str(each.final_price),
                total=each.allocated_capacity,
                available=each.available_capacity,
                unseated=each.unseated_available,
                reserved=each.reserved_capacity,
                sold=each.sold_capacity,
            )
            for each in row.allocations.all()
        ],
    )


def _resized(done: Resized) -> shapes.ResizedOut:
    return shapes.ResizedOut(
        section=done.section_id,
        allocation=done.allocation_id,
        allocated=done.allocated_capacity,
        section_total=done.total_capacity,
        capacity=done.max_capacity,
        change=done.change,
    )
