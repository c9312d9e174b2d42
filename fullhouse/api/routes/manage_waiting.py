"""Manage the waiting list: who waits, who is offered places, who is passed over."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

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
    required,
    said,
)
from fullhouse.api.manage_schemas import house as shapes
from fullhouse.api.routes import answers
from fullhouse.api.routes.naming import Names
from fullhouse.events.models import WaitingEntry
from fullhouse.events.services.reservations import reservation_state
from fullhouse.events.services.waiting_list import (
    join_waiting_list,
    skip_waiting,
    withdraw_waiting,
)
from fullhouse.events.services.waiting_offers import Offered, offer_waiting, take_offer

router = Router(tags=["manage"], auth=MANAGE)
WAITING = "performances/{uuid:performance_id}/waiting"
ENTRY = f"{WAITING}/{{uuid:entry_id}}"
_STATUS = f"^({'|'.join(WaitingEntry.Status.values)})$"


@router.get(
    WAITING,
    response=documented(200, shapes.WaitingRows),
    summary="The waiting list",
    operation_id="manage_list_waiting",
)
def list_waiting(
    request: ApiRequest,
    performance_id: UUID,
    status: Annotated[str | None, Query(pattern=_STATUS)] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> shapes.WaitingRows:
    """List entries in the order of joining. Customers and contacts are personal data."""
    own_performance(request, performance_id)
    rows = WaitingEntry.objects.filter(performance=performance_id)
    if status is not None:
        rows = rows.filter(status=status)
    found, following = page_after(rows, ("joined_at", "id"), cursor, limit)
    return shapes.WaitingRows(items=[_out(row) for row in found], next=following)


@router.post(
    WAITING,
    response=documented(201, shapes.JoinedOut),
    summary="Join the waiting list",
    operation_id="manage_join_waiting",
)
def join(request: ApiRequest, performance_id: UUID, body: shapes.JoinIn, key: Key = None) -> Any:
    """Put a party on the list, behind those who came before; pass its secret on to it."""
    own_performance(request, performance_id)
    names = Names(performance_id)
    done = join_waiting_list(
        performance_id=performance_id,
        quantity=body.quantity,
        section_id=None if body.section is None else names.section(body.section),
        ticket_type_id=None if body.ticket_type is None else names.ticket_type(body.ticket_type),
        together=body.together,
        customer=body.customer,
        contact=body.contact,
        offer_seconds=body.offer_seconds,
        **said(request, body.reason, key),
    )
    made = shapes.JoinedOut(
        id=done.entry_id, token=done.token, ahead=done.ahead, joined_at=done.joined_at
    )
    return Status(201, made)


@router.post(
    f"{WAITING}/offer",
    response=documented(201, shapes.OfferedOut),
    summary="Offer free places to the next",
    operation_id="manage_offer_next",
)
def offer_next(
    request: ApiRequest,
    performance_id: UUID,
    body: shapes.OfferIn | None = None,
    key: Key = None,
) -> Any:
    """Offer free places to the first entry whom they suffice."""
    return Status(201, _offer(request, performance_id, None, body, key))


@router.post(
    f"{ENTRY}/offer",
    response=documented(201, shapes.OfferedOut),
    summary="Offer free places out of turn",
    operation_id="manage_offer_entry",
)
def offer_entry(
    request: ApiRequest,
    performance_id: UUID,
    entry_id: UUID,
    body: shapes.OfferIn,
    key: Key = None,
) -> Any:
    """Offer free places to this entry; needs a reason, which a note keeps."""
    return Status(201, _offer(request, performance_id, entry_id, body, key))


@router.post(
    f"{ENTRY}/skip",
    response=documented(200, shapes.EntryOut),
    summary="Pass an entry over, or let it back",
    operation_id="manage_skip_waiting",
)
def skip(
    request: ApiRequest,
    performance_id: UUID,
    entry_id: UUID,
    body: shapes.SkipIn,
    key: Key = None,
) -> shapes.EntryOut:
    """Pass the entry over until it is let back to the place it had."""
    own_performance(request, performance_id)
    required(WaitingEntry, performance_id, entry_id)
    done = skip_waiting(
        performance_id=performance_id,
        entry_id=entry_id,
        skip=body.skip,
        **said(request, body.reason, key),
    )
    return shapes.EntryOut(id=entry_id, status=done.status)


@router.post(
    f"{ENTRY}/withdraw",
    response=documented(200, shapes.EntryOut),
    summary="Take an entry off the list",
    operation_id="manage_withdraw_waiting",
)
def withdraw(
    request: ApiRequest,
    performance_id: UUID,
    entry_id: UUID,
    body: shapes.WithdrawIn | None = None,
    key: Key = None,
) -> shapes.EntryOut:
    """Take the entry off; what it was offered goes to the next."""
    own_performance(request, performance_id)
    required(WaitingEntry, performance_id, entry_id)
    asked = body or shapes.WithdrawIn()
    done = withdraw_waiting(
        performance_id=performance_id,
        entry_id=entry_id,
        erase=asked.erase,
        **said(request, asked.reason, key),
    )
    return shapes.EntryOut(id=entry_id, status=done.status, places=done.places, erased=done.erased)


@router.post(
    f"{ENTRY}/take",
    response=documented(201, schemas.ReservationOut),
    summary="Take an offer for the party",
    operation_id="manage_take_offer",
)
def take(
    request: ApiRequest,
    performance_id: UUID,
    entry_id: UUID,
    body: shapes.TakeIn | None = None,
    key: Key = None,
) -> Any:
    """Make an offer the party's own hold, or its sale; the secret stays the one from joining."""
    own_performance(request, performance_id)
    required(WaitingEntry, performance_id, entry_id)
    asked = body or shapes.TakeIn()
    done = take_offer(
        performance_id=performance_id,
        entry_id=entry_id,
        sold=asked.sold,
        ttl_seconds=asked.ttl_seconds,
        channel=asked.channel,
        **said(request, asked.reason, key),
    )
    state = reservation_state(performance_id=performance_id, reservation_id=done.reservation_id)
    return Status(201, answers.reservation_out(state))


def _offer(
    request: ApiRequest,
    performance_id: UUID,
    entry_id: UUID | None,
    body: shapes.OfferIn | None,
    key: str | None,
) -> shapes.OfferedOut:
    own_performance(request, performance_id)
    if entry_id is not None:
        required(WaitingEntry, performance_id, entry_id)
    asked = body or shapes.OfferIn()
    done: Offered = offer_waiting(
        performance_id=performance_id,
        entry_id=entry_id,
        offer_seconds=asked.offer_seconds,
        **said(request, asked.reason, key),
    )
    return shapes.OfferedOut(
        entry=done.entry_id,
        reservation=done.reservation_id,
        reference=done.reference,
        expires_at=done.expires_at,
        places=done.quantity,
        passed=done.passed,
        total=str(done.total),
        currency=done.currency,
    )


def _out(row: WaitingEntry) -> shapes.WaitingRow:
    return shapes.WaitingRow(
        id=row.pk,
        status=row.status,
        quantity=row.quantity,
        section=row.section_id,
        ticket_type=row.ticket_type_id,
        together=row.together,
        customer=row.customer,
        contact=row.contact,
        joined_at=row.joined_at,
        offer=row.offer_id,
    )
