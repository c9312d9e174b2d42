"""Hold places until a deadline: any mix of quantities and named seats, all or nothing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.references import new_reference, new_token, token_hash
from fullhouse.events.engine.calls import as_json, call, request_digest
from fullhouse.events.services.outcomes import (
    check_ids,
    check_quantity,
    check_texts,
    granted,
    moment,
    replayed,
)

DEFAULT_TTL_SECONDS: Final = 600
# A week: whoever needs places for longer wants the house to keep them (`house`), not a hold.
MAX_TTL_SECONDS: Final = 604_800
# So that a call holds its locks for some tens of milliseconds at most.
MAX_REQUESTS: Final = 1000
# No house is larger.
MAX_QUANTITY: Final = 100_000
_LENGTHS: Final = {"reference": 100, "customer": 255, "channel": 50}


@dataclass(frozen=True, slots=True)
class Places:
    """`quantity` places without numbers, of an allocation or of a section.

    With `allocation_id`: from that allocation alone; a pool may be sold as any `ticket_type_id`
    on offer, or as none. With `section_id` and `ticket_type_id`: from the type's own allocation,
    then from the section's pool.
    """

    quantity: int
    allocation_id: UUID | None = None
    section_id: UUID | None = None
    ticket_type_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SeatRequest:
    """One named seat; `ticket_type_id` says as what it is sold where it belongs to a pool."""

    seat_id: UUID
    ticket_type_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class HeldLine:
    """Places of the hold in one allocation. `unit_price` is for one place."""

    line_id: UUID
    allocation_id: UUID
    ticket_type_id: UUID | None
    seat_id: UUID | None
    quantity: int
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class Hold:
    """The hold as granted. `expires_at` is aware UTC; `total` is in `currency`.

    `token` is the buyer's secret: told now, never again, so that an answer repeated under an
    idempotency key has None.
    """

    reservation_id: UUID
    reference: str
    token: str | None
    expires_at: datetime
    lines: tuple[HeldLine, ...]
    currency: str
    total: Decimal


def reserve(
    *,
    performance_id: UUID,
    requests: Sequence[Places | SeatRequest],
    ttl_seconds: int = DEFAULT_TTL_SECONDS,
    kind: str = "sale",
    reference: str | None = None,
    customer: str = "",
    channel: str = "",
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Hold:
    """Hold places of one performance for `ttl_seconds` (1 to 604800), all or nothing.

    `kind` is `sale` or `comp`. Without a `reference` a random one is made.
    Raises Refusal `sold_out`, `seat_taken`, `closed`, `unknown`, `not_on_offer`, `wrong_type`,
    `mixed_currencies`, `reference_taken` or `key_reused` (facts: header of reserve_v1.sql), and
    then nothing has moved; InvalidRequest, Conflict, EngineFault.
    Locks: seats, then allocations, each by id (docs/adr/0002-lock-order.md).
    """
    check_ids(performance_id=performance_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    check_quantity("ttl_seconds", ttl_seconds, MAX_TTL_SECONDS)
    _check_labels(kind, reference, customer, channel)
    body = [_as_request(request) for request in _checked(requests)]
    token = new_token()
    asked = {
        "requests": body,
        "ttl_seconds": ttl_seconds,
        "kind": kind,
        "reference": reference,
        "customer": customer,
        "channel": channel,
    }
    outcome = call(
        "reserve_v1",
        performance_id,
        requests=as_json(body),
        ttl_seconds=ttl_seconds,
        kind=kind,
        reference=reference or new_reference(),
        token_hash=token_hash(token),
        customer=customer,
        channel=channel,
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=request_digest("reserve", asked) if idempotency_key else None,
        using=using,
    )
    return _hold(granted(outcome, "granted"), token)


def _checked(requests: Sequence[Places | SeatRequest]) -> Sequence[Places | SeatRequest]:
    if not 1 <= len(requests) <= MAX_REQUESTS:
        raise InvalidRequest("requests", f"1 to {MAX_REQUESTS} requests, not {len(requests)}")
    if len(set(requests)) != len(requests):
        raise InvalidRequest("requests", "the same seat or places are asked for twice")
    for request in requests:
        if isinstance(request, SeatRequest):
            check_ids(seat_id=request.seat_id)
        elif isinstance(request, Places):
            check_quantity("quantity", request.quantity, MAX_QUANTITY)
            if (request.allocation_id is None) == (request.section_id is None):
                raise InvalidRequest("requests", "give either allocation_id or section_id")
            if request.section_id is not None and request.ticket_type_id is None:
                raise InvalidRequest("ticket_type_id", "a section's places are sold as a type")
        else:
            raise InvalidRequest("requests", f"must be Places or SeatRequest, not {request!r}")
        named = {n: v for n, v in asdict(request).items() if n != "quantity" and v is not None}
        check_ids(**named)
    return requests


def _check_labels(kind: str, reference: str | None, customer: str, channel: str) -> None:
    if kind not in ("sale", "comp"):
        raise InvalidRequest("kind", f"sale or comp, not {kind!r}")
    if reference is not None and not reference.strip():
        raise InvalidRequest("reference", "must not be blank; leave it out instead")
    for name, text in (
        ("reference", reference or ""),
        ("customer", customer),
        ("channel", channel),
    ):
        if not isinstance(text, str) or "\x00" in text:
            raise InvalidRequest(name, "must be text without NUL characters")
        if len(text) > _LENGTHS[name]:
            raise InvalidRequest(name, f"at most {_LENGTHS[name]} characters, not {len(text)}")


def _as_request(request: Places | SeatRequest) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, UUID) else value
        for name, value in asdict(request).items()
        if value is not None
    }


def _hold(outcome: dict[str, Any], token: str) -> Hold:
    return Hold(
        reservation_id=UUID(outcome["reservation_id"]),
        reference=outcome["reference"],
        token=None if replayed(outcome) else token,
        expires_at=moment(outcome["expires_at"]),
        lines=tuple(
            HeldLine(
                line_id=UUID(line["id"]),
                allocation_id=UUID(line["allocation_id"]),
                ticket_type_id=UUID(line["ticket_type_id"]) if line["ticket_type_id"] else None,
                seat_id=UUID(line["seat_id"]) if line["seat_id"] else None,
                quantity=line["quantity"],
                unit_price=Decimal(line["unit_price"]),
            )
            for line in outcome["lines"]
        ),
        currency=outcome["currency"],
        total=Decimal(outcome["total"]),
    )
