"""Hold places until a deadline: any mix of quantities and named seats, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.pricing import line_amount
from fullhouse.events.domain.references import (
    derived_token,
    new_reference,
    new_token,
    token_hash,
)
from fullhouse.events.engine.calls import as_json, call, request_digest
from fullhouse.events.services.outcomes import (
    check_ids,
    check_quantity,
    check_texts,
    granted,
    moment,
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

    Places, not tickets: of a type whose tickets take four, 8 is two tickets and 6 is refused.
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
    """One named seat; `ticket_type_id` says as what it is sold where it belongs to a pool.

    `accessible`: the buyer asks for an accessible or companion place. Such places are kept for
    those who do until the performance releases them; who does may leave a single seat.
    Of a type whose tickets take several places, so many seats of one allocation are a ticket.
    """

    seat_id: UUID
    ticket_type_id: UUID | None = None
    accessible: bool = False


_FIELDS: Final = {
    kind: tuple(field.name for field in fields(kind)) for kind in (Places, SeatRequest)
}
_IDS: Final = {
    kind: tuple(name for name in names if name.endswith("_id")) for kind, names in _FIELDS.items()
}


@dataclass(frozen=True, slots=True)
class HeldLine:
    """Places of the hold in one allocation.

    `unit_price` is for a ticket of `places_per_ticket` places; a seat has a price of its own.
    """

    line_id: UUID
    allocation_id: UUID
    ticket_type_id: UUID | None
    seat_id: UUID | None
    quantity: int
    unit_price: Decimal
    places_per_ticket: int = 1

    @property
    def amount(self) -> Decimal:
        """What the line costs."""
        return line_amount(self.unit_price, self.quantity, self.places_per_ticket)


@dataclass(frozen=True, slots=True)
class Hold:
    """The hold as granted. `expires_at` is aware UTC; `total` is in `currency`.

    `token` is the buyer's secret, of which only the hash is kept. An answer that is repeated under
    an idempotency key tells the same one.
    """

    reservation_id: UUID
    reference: str
    token: str
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

    `kind` is `sale` or `comp`. Without a `reference` a random one is made. A sale keeps to the
    performance's sales rules; what its `channel` has set aside is taken first.
    Raises Refusal `sold_out`, `seat_taken`, `closed`, `unknown`, `not_on_offer`, `wrong_type`,
    `not_whole_tickets`, `over_limit`, `under_minimum`, `customer_needed`,
    `mixed_currencies`, `protected`, `leaves_single`, `reference_taken` or `key_reused` (facts:
    header of reserve_v1.sql), and then nothing has moved; InvalidRequest, Conflict, EngineFault.
    Locks: seats, then allocations, each by id (docs/adr/0002-lock-order.md).
    """
    check_ids(performance_id=performance_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    check_quantity("ttl_seconds", ttl_seconds, MAX_TTL_SECONDS)
    check_labels(kind, reference, customer, channel)
    body = [as_request(request) for request in checked_requests(requests)]
    asked = {
        "requests": body,
        "ttl_seconds": ttl_seconds,
        "kind": kind,
        "reference": reference,
        "customer": customer,
        "channel": channel,
    }
    digest = request_digest("reserve", asked) if idempotency_key else None
    token = hold_token(performance_id, idempotency_key, digest)
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
        digest=digest,
        using=using,
    )
    return as_hold(granted(outcome, "granted"), token)


def hold_token(performance_id: UUID, idempotency_key: str | None, digest: bytes | None) -> str:
    """Return the secret of a hold: random, but under an idempotency key always the same one."""
    if idempotency_key is None or digest is None:
        return new_token()
    return derived_token(settings.SECRET_KEY.encode(), performance_id, idempotency_key, digest)


def checked_requests(
    requests: Sequence[Places | SeatRequest],
) -> Sequence[Places | SeatRequest]:
    """Return the requests as they are. Raises InvalidRequest for what cannot be meant."""
    if not 1 <= len(requests) <= MAX_REQUESTS:
        raise InvalidRequest("requests", f"1 to {MAX_REQUESTS} requests, not {len(requests)}")
    if len(set(requests)) != len(requests):
        raise InvalidRequest("requests", "the same seat or places are asked for twice")
    for request in requests:
        if isinstance(request, SeatRequest):
            check_ids(seat_id=request.seat_id)
            if not isinstance(request.accessible, bool):
                raise InvalidRequest("accessible", f"True or False, not {request.accessible!r}")
        elif isinstance(request, Places):
            check_quantity("quantity", request.quantity, MAX_QUANTITY)
            if (request.allocation_id is None) == (request.section_id is None):
                raise InvalidRequest("requests", "give either allocation_id or section_id")
            if request.section_id is not None and request.ticket_type_id is None:
                raise InvalidRequest("ticket_type_id", "a section's places are sold as a type")
        else:
            raise InvalidRequest("requests", f"must be Places or SeatRequest, not {request!r}")
        for name in _IDS[type(request)]:
            value = getattr(request, name)
            if value is not None and not isinstance(value, UUID):
                check_ids(**{name: value})
    return requests


def check_labels(kind: str, reference: str | None, customer: str, channel: str) -> None:
    """Check what names a hold and its buyer. Raises InvalidRequest."""
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


def as_request(request: Places | SeatRequest) -> dict[str, Any]:
    """Return a request as reserve_v1.sql reads it."""
    told: dict[str, Any] = {}
    # `asdict` would copy each value, which costs a hold dear.
    for name in _FIELDS[type(request)]:
        value = getattr(request, name)
        if value is not None and value is not False:
            told[name] = str(value) if isinstance(value, UUID) else value
    return told


def as_hold(outcome: dict[str, Any], token: str) -> Hold:
    """Return the hold of a granted outcome; `token` is the buyer's secret."""
    return Hold(
        reservation_id=UUID(outcome["reservation_id"]),
        reference=outcome["reference"],
        token=token,
        expires_at=moment(outcome["expires_at"]),
        lines=tuple(map(held_line, outcome["lines"])),
        currency=outcome["currency"],
        total=Decimal(outcome["total"]),
    )


def held_line(line: dict[str, Any]) -> HeldLine:
    """Return a line as reserve_v1.sql tells it."""
    return HeldLine(
        line_id=UUID(line["id"]),
        allocation_id=UUID(line["allocation_id"]),
        ticket_type_id=UUID(line["ticket_type_id"]) if line["ticket_type_id"] else None,
        seat_id=UUID(line["seat_id"]) if line["seat_id"] else None,
        quantity=line["quantity"],
        unit_price=Decimal(line["unit_price"]),
        places_per_ticket=line.get("places_per_ticket", 1),
    )
