"""Manage what the house keeps (house, kill) and gives away (comp)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from ninja import Query, Router
from ninja.responses import Status

from fullhouse.api import schemas
from fullhouse.api.cursor import DEFAULT_LIMIT, page_after
from fullhouse.api.edge import ApiRequest
from fullhouse.api.manage import (
    MANAGE,
    Cursor,
    Key,
    Limit,
    documented,
    own_performance,
    said,
)
from fullhouse.api.manage_schemas import house as shapes
from fullhouse.api.routes import answers
from fullhouse.api.routes.naming import Names
from fullhouse.events.models import LineStatus, Reservation
from fullhouse.events.services.amend_house import UNCHANGED, amend_house
from fullhouse.events.services.comp import comp
from fullhouse.events.services.hand_over import PassedLine, hand_over
from fullhouse.events.services.house import give_back, house
from fullhouse.events.services.reservations import reservation_state

router = Router(tags=["manage"], auth=MANAGE)
HOUSE = "performances/{uuid:performance_id}/house"
KEPT = f"{HOUSE}/{{uuid:reservation_id}}"
Kind = Reservation.Kind
_KINDS = (Kind.HOUSE, Kind.KILL, Kind.COMP, Kind.CHANNEL)


@router.get(
    HOUSE,
    response=documented(200, shapes.KeptRows),
    summary="What the house keeps and gave away",
    operation_id="manage_list_house",
)
def list_house(
    request: ApiRequest,
    performance_id: UUID,
    kind: Annotated[str | None, Query(pattern="^(house|kill|comp|channel)$")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> shapes.KeptRows:
    """List what is kept now (house, kill, channel) and what was given away (comp)."""
    own_performance(request, performance_id)
    rows = kept_rows(performance_id, (kind,) if kind else _KINDS)
    found, following = page_after(rows, ("id",), cursor, limit)
    return shapes.KeptRows(items=[kept_out(row) for row in found], next=following)


@router.post(
    HOUSE,
    response=documented(201, shapes.KeptRow),
    summary="Set places aside",
    operation_id="manage_set_aside",
)
def set_aside(
    request: ApiRequest, performance_id: UUID, body: shapes.HouseIn, key: Key = None
) -> Any:
    """Keep places for somebody or off sale, all or nothing, until a time or until given back."""
    own_performance(request, performance_id)
    kept = house(
        performance_id=performance_id,
        **places(performance_id, body),
        kind=body.kind,
        owner=body.owner,
        release_at=body.release_at,
        **said(request, body.reason, key),
    )
    return Status(201, kept_one(performance_id, kept.reservation_id))


@router.get(
    KEPT,
    response=documented(200, shapes.KeptRow),
    summary="One thing that the house keeps",
    operation_id="manage_get_kept",
)
def get_kept(request: ApiRequest, performance_id: UUID, reservation_id: UUID) -> shapes.KeptRow:
    """Return what is kept, for whom, why and until when."""
    own_performance(request, performance_id)
    return kept_one(performance_id, reservation_id)


@router.patch(
    KEPT,
    response=documented(200, shapes.KeptRow),
    summary="Amend what is kept",
    operation_id="manage_amend_kept",
)
def amend(
    request: ApiRequest,
    performance_id: UUID,
    reservation_id: UUID,
    body: shapes.AmendIn,
    key: Key = None,
) -> shapes.KeptRow:
    """Change for whom, why or until when; a note keeps what it was."""
    own_performance(request, performance_id)
    changes = body.dict(exclude_unset=True, exclude={"reason"})
    amend_house(
        performance_id=performance_id,
        reservation_id=reservation_id,
        owner=changes.get("owner", UNCHANGED),
        purpose=changes.get("purpose", UNCHANGED),
        release_at=changes.get("release_at", UNCHANGED),
        **said(request, body.reason, key),
    )
    return kept_one(performance_id, reservation_id)


@router.post(
    f"{KEPT}/give-back",
    response=documented(200, shapes.GivenBackOut),
    summary="Give kept places back to sale",
    operation_id="manage_give_back",
)
def post_give_back(
    request: ApiRequest,
    performance_id: UUID,
    reservation_id: UUID,
    body: shapes.GiveBackIn | None = None,
    key: Key = None,
) -> shapes.GivenBackOut:
    """Give back all, or some lines; a waiting list that comes first is offered them."""
    own_performance(request, performance_id)
    asked = body or shapes.GiveBackIn()
    done = give_back(
        performance_id=performance_id,
        reservation_id=reservation_id,
        line_ids=asked.lines,
        **said(request, asked.reason, key),
    )
    return shapes.GivenBackOut(id=reservation_id, places=done.quantity, left=done.left)


@router.post(
    f"{KEPT}/hand-over",
    response=documented(201, schemas.ReservationOut),
    summary="Pass kept places on",
    operation_id="manage_hand_over",
)
def post_hand_over(
    request: ApiRequest,
    performance_id: UUID,
    reservation_id: UUID,
    body: shapes.HandOverIn,
    key: Key = None,
) -> Any:
    """Make kept places a sale, a hold, a comp or kept otherwise; nobody comes between."""
    own_performance(request, performance_id)
    lines = body.lines
    done = hand_over(
        performance_id=performance_id,
        reservation_id=reservation_id,
        kind=body.kind,
        lines=None if lines is None else [PassedLine(one.line, one.quantity) for one in lines],
        sold=body.sold,
        ttl_seconds=body.ttl_seconds,
        release_at=body.release_at,
        customer=body.customer,
        channel=body.channel,
        owner=body.owner,
        **said(request, body.reason, key),
    )
    state = reservation_state(performance_id=performance_id, reservation_id=done.reservation_id)
    return Status(201, answers.reservation_out(state, done.token))


@router.post(
    "performances/{uuid:performance_id}/comps",
    response=documented(201, schemas.ReservationOut),
    summary="Give places away",
    operation_id="manage_comp",
)
def post_comp(
    request: ApiRequest, performance_id: UUID, body: shapes.CompIn, key: Key = None
) -> Any:
    """Give free places away: sold at once, at price 0; a note keeps the list prices."""
    own_performance(request, performance_id)
    given = comp(
        performance_id=performance_id,
        **places(performance_id, body),
        recipient=body.recipient,
        **said(request, body.reason, key),
    )
    state = reservation_state(performance_id=performance_id, reservation_id=given.reservation_id)
    return Status(201, answers.reservation_out(state))


def places(performance_id: UUID, body: shapes.PlacesIn) -> dict[str, Any]:
    """Return the places of a body as the services of the house take them."""
    quantities: dict[UUID, int] = {}
    for each in body.quantities:
        quantities[each.allocation] = quantities.get(each.allocation, 0) + each.quantity
    return {"quantities": quantities, "seat_ids": Names(performance_id).seats(body.seats)}


def kept_rows(performance_id: UUID, kinds: tuple[str, ...]) -> QuerySet[Reservation]:
    """Return what is kept now, or was given away, with its lines."""
    return Reservation.objects.filter(
        performance=performance_id,
        kind__in=kinds,
        status__in=(LineStatus.RESERVED, LineStatus.SOLD),
    ).prefetch_related("lines")


def kept_one(performance_id: UUID, reservation_id: UUID) -> shapes.KeptRow:
    """Return one of these, whatever its status. Raises Http404."""
    rows = Reservation.objects.filter(performance=performance_id, kind__in=_KINDS)
    row = rows.prefetch_related("lines").filter(pk=reservation_id).first()
    if row is None:
        raise Http404
    return kept_out(row)


def kept_out(row: Reservation) -> shapes.KeptRow:
    """Return it as it goes over the wire; lines that were given back are left out."""
    lines = [line for line in row.lines.all() if line.status == row.status]
    return shapes.KeptRow(
        id=row.pk,
        reference=row.reference,
        kind=row.kind,
        status=row.status,
        owner=row.owner,
        channel=row.channel,
        purpose=row.reason,
        release_at=row.expires_at,
        places=sum(line.quantity for line in lines),
        lines=[
            shapes.KeptLine(
                id=line.pk,
                allocation=line.allocation_id,
                seat=line.seat_id,
                quantity=line.quantity,
            )
            for line in lines
        ],
    )
