"""Hold, confirm, extend, release, refund: what a buyer's token or a `sell` key may do."""

from __future__ import annotations

from typing import Annotated, Any, TypedDict
from uuid import UUID

from ninja import Header, Router
from ninja.responses import Status

from fullhouse.api import schemas
from fullhouse.api.access import engine_key, opened, require_allowed, require_modest
from fullhouse.api.edge import ApiRequest
from fullhouse.api.routes import answers
from fullhouse.api.routes.naming import Names
from fullhouse.api.routes.reading import require_visible
from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.services.best_available import best_available
from fullhouse.events.services.confirm import confirm
from fullhouse.events.services.exchange import exchange
from fullhouse.events.services.extend import extend
from fullhouse.events.services.lines import LinePart
from fullhouse.events.services.refund import refund
from fullhouse.events.services.release import release
from fullhouse.events.services.reservations import ReservationState, reservation_state
from fullhouse.events.services.reserve import reserve

router = Router(tags=["sell"])

Token = Annotated[
    str | None,
    Header(alias="Reservation-Token", description="the buyer's secret", max_length=200),
]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="your name for this request: sent again, it gets the same answer",
        min_length=1,
        max_length=150,
    ),
]
RESERVATION = "performances/{uuid:performance_id}/reservations/{uuid:reservation_id}"


@router.post(
    "performances/{uuid:performance_id}/reservations",
    response=answers.with_problems(201, schemas.ReservationOut),
    summary="Hold places, all or none",
    operation_id="reserve",
)
def create_reservation(
    request: ApiRequest, performance_id: UUID, body: schemas.ReservationIn, key: Key = None
) -> Any:
    """Hold seats and places of sections until a deadline."""
    wanted = sum((item.best_available or item).quantity or 1 for item in body.items)
    require_modest(request.caller, wanted, body.ttl_seconds)
    require_visible(request, performance_id)
    names, parties = Names(performance_id), [item.best_available for item in body.items]
    terms = _Terms(
        ttl_seconds=body.ttl_seconds,
        customer=body.customer,
        channel=body.channel,
        actor=request.caller.actor,
        idempotency_key=_own_key(request, key),
    )
    if parties == [None] * len(parties):
        asked = names.requests(body.items)
        hold, choice = reserve(performance_id=performance_id, requests=asked, **terms), None
    else:
        found = best_available(
            performance_id=performance_id, party=names.party(_only(body.items)), **terms
        )
        hold, choice = found.hold, answers.choice_out(found)
    state = reservation_state(performance_id=performance_id, reservation_id=hold.reservation_id)
    return Status(201, answers.reservation_out(state, hold.token, choice))


class _Terms(TypedDict):
    """What a hold says besides its places."""

    ttl_seconds: int
    customer: str
    channel: str
    actor: str
    idempotency_key: str | None


def _only(items: list[schemas.ItemIn]) -> schemas.PartyIn:
    party = items[0].best_available
    if len(items) > 1 or party is None:
        raise InvalidRequest("items", "best_available is the only item of its reservation")
    if items[0].model_fields_set != {"best_available"}:
        raise InvalidRequest("items.0", "best_available names its sections and types itself")
    return party


@router.get(
    RESERVATION,
    response=answers.with_problems(200, schemas.ReservationOut),
    summary="One reservation",
    operation_id="get_reservation",
)
def get_reservation(
    request: ApiRequest, performance_id: UUID, reservation_id: UUID, token: Token = None
) -> schemas.ReservationOut:
    """Return a reservation to whoever has its token or a key; to nobody else is it there."""
    return answers.reservation_out(_opened(request, performance_id, reservation_id, token))


@router.post(
    f"{RESERVATION}/confirm",
    response=answers.with_problems(200, schemas.ReservationOut),
    summary="Sell a hold",
    operation_id="confirm",
)
def confirm_reservation(
    request: ApiRequest,
    performance_id: UUID,
    reservation_id: UUID,
    body: schemas.ConfirmIn | None = None,
    token: Token = None,
    key: Key = None,
) -> schemas.ReservationOut:
    """Turn a hold into a sale, whole."""
    _allowed(request, performance_id, reservation_id, token, "confirm")
    asked = body or schemas.ConfirmIn()
    confirm(
        performance_id=performance_id,
        reservation_id=reservation_id,
        late=asked.late,
        actor=request.caller.actor,
        reason=asked.reason,
        idempotency_key=_own_key(request, key),
    )
    return _now(performance_id, reservation_id)


@router.post(
    f"{RESERVATION}/extend",
    response=answers.with_problems(200, schemas.ReservationOut),
    summary="Give a hold more time",
    operation_id="extend",
)
def extend_reservation(
    request: ApiRequest,
    performance_id: UUID,
    reservation_id: UUID,
    body: schemas.ExtendIn,
    token: Token = None,
    key: Key = None,
) -> schemas.ReservationOut:
    """Move the deadline, at most to the performance's ceiling."""
    _allowed(request, performance_id, reservation_id, token, "extend")
    extend(
        performance_id=performance_id,
        reservation_id=reservation_id,
        ttl_seconds=body.ttl_seconds,
        actor=request.caller.actor,
        reason=body.reason,
        idempotency_key=_own_key(request, key),
    )
    return _now(performance_id, reservation_id)


@router.post(
    f"{RESERVATION}/release",
    response=answers.with_problems(200, schemas.ReservationOut),
    summary="Give a hold back",
    operation_id="release",
)
def release_reservation(
    request: ApiRequest,
    performance_id: UUID,
    reservation_id: UUID,
    body: schemas.LinesIn | None = None,
    token: Token = None,
    key: Key = None,
) -> schemas.ReservationOut:
    """Give the places of a hold back: all, some lines, or some places of a line."""
    _allowed(request, performance_id, reservation_id, token, "release")
    asked = body or schemas.LinesIn()
    release(
        performance_id=performance_id,
        reservation_id=reservation_id,
        lines=_parts(asked),
        actor=request.caller.actor,
        reason=asked.reason,
        idempotency_key=_own_key(request, key),
    )
    return _now(performance_id, reservation_id)


@router.post(
    f"{RESERVATION}/refund",
    response=answers.with_problems(200, schemas.ReservationOut),
    summary="Take sold places back",
    operation_id="refund",
)
def refund_reservation(
    request: ApiRequest,
    performance_id: UUID,
    reservation_id: UUID,
    body: schemas.LinesIn | None = None,
    token: Token = None,
    key: Key = None,
) -> schemas.ReservationOut:
    """Take sold places back: all, some lines, or some places of a line."""
    _allowed(request, performance_id, reservation_id, token, "refund")
    asked = body or schemas.LinesIn()
    refund(
        performance_id=performance_id,
        reservation_id=reservation_id,
        lines=_parts(asked),
        actor=request.caller.actor,
        reason=asked.reason,
        idempotency_key=_own_key(request, key),
    )
    return _now(performance_id, reservation_id)


@router.post(
    f"{RESERVATION}/exchange",
    response=answers.with_problems(200, schemas.ExchangeOut),
    summary="Other places instead",
    operation_id="exchange",
)
def exchange_reservation(
    request: ApiRequest,
    performance_id: UUID,
    reservation_id: UUID,
    body: schemas.ExchangeIn,
    token: Token = None,
    key: Key = None,
) -> schemas.ExchangeOut:
    """Give up lines of a hold or a sale for other places, all or nothing, at today's prices."""
    _allowed(request, performance_id, reservation_id, token, "exchange")
    target = body.to or performance_id
    require_visible(request, target)
    require_modest(request.caller, sum(item.quantity or 1 for item in body.items))
    done = exchange(
        performance_id=performance_id,
        reservation_id=reservation_id,
        requests=Names(target).requests(body.items),
        lines=_parts(body),
        to_performance_id=body.to,
        actor=request.caller.actor,
        reason=body.reason,
        idempotency_key=_own_key(request, key),
    )
    state = reservation_state(performance_id=target, reservation_id=done.reservation_id)
    return schemas.ExchangeOut(
        reservation=answers.reservation_out(state, done.token),
        given_up=str(done.given_up),
        total=str(done.total),
        difference=str(done.difference),
        currency=done.currency,
    )


def _opened(
    request: ApiRequest, performance_id: UUID, reservation_id: UUID, token: str | None
) -> ReservationState:
    """Return the reservation if it is open to the caller. Raises Refusal `unknown`."""
    found = reservation_state(performance_id=performance_id, reservation_id=reservation_id)
    return opened(request.caller, reservation_id, found, token)


def _allowed(
    request: ApiRequest, performance_id: UUID, reservation_id: UUID, token: str | None, verb: str
) -> None:
    """Raise unless the caller may do this to the reservation: by key, or by token if that does."""
    found = _opened(request, performance_id, reservation_id, token)
    require_allowed(request.caller, found, verb)


def _parts(asked: schemas.LinesIn | schemas.ExchangeIn) -> list[LinePart] | None:
    if asked.lines is None:
        return None
    return [LinePart(part.line, part.quantity) for part in asked.lines]


def _own_key(request: ApiRequest, key: str | None) -> str | None:
    return engine_key(request.caller, key)


def _now(performance_id: UUID, reservation_id: UUID) -> schemas.ReservationOut:
    return answers.reservation_out(
        reservation_state(performance_id=performance_id, reservation_id=reservation_id)
    )
