"""Pass places on, in one step: from the house or a channel to a sale, and back.

At no instant could anybody else have taken them: they stay reserved, and only whose they are
changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.references import new_reference, token_hash
from fullhouse.events.engine.calls import as_json, call, request_digest
from fullhouse.events.services.house import check_moment, check_owner
from fullhouse.events.services.outcomes import (
    check_ids,
    check_quantity,
    check_texts,
    granted,
    moment,
    replayed,
)
from fullhouse.events.services.reserve import (
    MAX_QUANTITY,
    MAX_REQUESTS,
    MAX_TTL_SECONDS,
    HeldLine,
    check_labels,
    held_line,
    hold_token,
)
from fullhouse.events.services.structural import check_reason

Kind = Literal["sale", "comp", "house", "kill", "channel"]
SOLD_KINDS = ("sale", "comp")
KEPT_KINDS = ("house", "kill", "channel")


@dataclass(frozen=True, slots=True)
class PassedLine:
    """A line to pass on; `quantity` None: all its places. `ticket_type_id`: sold as that type."""

    line_id: UUID
    quantity: int | None = None
    ticket_type_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The reservation that has the places now, and what is `left` of the one that had them.

    `status` is reserved or sold, `expires_at` the deadline of a hold or the scheduled release.
    `token` is a buyer's secret, the same where an answer is repeated under an idempotency key; None
    where it is no sale or hold.
    """

    reservation_id: UUID
    reference: str
    token: str | None
    kind: str
    status: str
    expires_at: datetime | None
    quantity: int
    lines: tuple[HeldLine, ...]
    currency: str
    total: Decimal
    origin_id: UUID
    origin_status: str
    left: int
    replayed: bool


def hand_over(
    *,
    performance_id: UUID,
    reservation_id: UUID,
    kind: Kind,
    reason: str,
    lines: Sequence[PassedLine] | None = None,
    sold: bool = False,
    ttl_seconds: int | None = None,
    release_at: datetime | None = None,
    reference: str | None = None,
    customer: str = "",
    channel: str = "",
    owner: str = "",
    actor: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> HandedOver:
    """Pass `lines` (None: all) of what is reserved on to a new reservation of `kind`.

    A sale or comp is `sold` at once or held for `ttl_seconds`; house, kill and channel (with its
    name in `channel`) keep the places until `release_at`. Places set aside are priced anew when
    they become a sale; a comp costs 0; a hold keeps its prices.
    Raises Refusal: unknown, not_reserved, expired, waiting_offer, overbooked, too_many,
    part_of_ticket, closed, not_on_offer, wrong_type, not_whole_tickets, mixed_currencies,
    reference_taken, key_reused, and then nothing has moved; InvalidRequest, Conflict, EngineFault.
    Locks: (to a channel: performance;) reservation; where sold seats and allocations by id.
    """
    check_ids(performance_id=performance_id, reservation_id=reservation_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    check_reason(reason)
    check_labels("sale", reference, customer, channel)
    check_owner(owner)
    check_moment("release_at", release_at)
    _check_kind(kind, sold, ttl_seconds, release_at, channel)
    asked: dict[str, object] = {
        "reservation": reservation_id,
        "lines": _checked(lines),
        "kind": kind,
        "sold": sold,
        "ttl_seconds": ttl_seconds,
        "release_at": release_at,
        "reference": reference,
        "customer": customer,
        "channel": channel,
        "owner": owner,
        "reason": reason,
    }
    digest = request_digest("hand_over", asked) if idempotency_key else None
    token = hold_token(performance_id, idempotency_key, digest) if kind in SOLD_KINDS else None
    outcome = call(
        "hand_over_v1",
        performance_id,
        reservation=reservation_id,
        lines=None if lines is None else as_json(asked["lines"]),
        kind=kind,
        sold=sold,
        ttl_seconds=ttl_seconds,
        release_at=release_at,
        reference=reference or new_reference(),
        token_hash=token_hash(token) if token else None,
        customer=customer,
        channel=channel,
        owner=owner,
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=digest,
        using=using,
    )
    return handed_over(granted(outcome, "handed_over"), token)


def handed_over(outcome: dict[str, Any], token: str | None) -> HandedOver:
    """Return what pass_on_v1.sql tells."""
    return HandedOver(
        reservation_id=UUID(outcome["reservation_id"]),
        reference=outcome["reference"],
        token=token,
        kind=outcome["kind"],
        status=outcome["status"],
        expires_at=moment(outcome["expires_at"]) if outcome["expires_at"] else None,
        quantity=outcome["quantity"],
        lines=tuple(map(held_line, outcome["lines"])),
        currency=outcome["currency"],
        total=Decimal(outcome["total"]),
        origin_id=UUID(outcome["from"]["reservation_id"]),
        origin_status=outcome["from"]["status"],
        left=outcome["from"]["left"],
        replayed=replayed(outcome),
    )


def check_ending(sold: object, ttl_seconds: object) -> None:
    """Check that places are either sold at once or held for a time. Raises InvalidRequest."""
    if not isinstance(sold, bool):
        raise InvalidRequest("sold", f"true or false, not {sold!r}")
    if sold and ttl_seconds is not None:
        raise InvalidRequest("ttl_seconds", "what is sold at once has no deadline; leave it out")
    if not sold:
        check_quantity("ttl_seconds", ttl_seconds, MAX_TTL_SECONDS)


def _check_kind(
    kind: str, sold: bool, ttl_seconds: int | None, release_at: datetime | None, channel: str
) -> None:
    if kind in SOLD_KINDS:
        check_ending(sold, ttl_seconds)
        if release_at is not None:
            raise InvalidRequest("release_at", f"a {kind} has ttl_seconds, or is sold at once")
    elif kind in KEPT_KINDS:
        if sold or ttl_seconds is not None:
            raise InvalidRequest("sold", "places set aside are kept until release_at, not sold")
        if (kind == "channel") != bool(channel.strip()):
            raise InvalidRequest("channel", "name it where the places go to one, and only there")
    else:
        raise InvalidRequest("kind", f"sale, comp, house, kill or channel, not {kind!r}")


def _checked(lines: Sequence[PassedLine] | None) -> list[dict[str, object]] | None:
    if lines is None:
        return None
    if not 1 <= len(lines) <= MAX_REQUESTS:
        raise InvalidRequest("lines", f"1 to {MAX_REQUESTS}, or None for all, not {len(lines)}")
    for line in lines:
        check_ids(line_id=line.line_id)
        if line.quantity is not None:
            check_quantity("quantity", line.quantity, MAX_QUANTITY)
        if line.ticket_type_id is not None:
            check_ids(ticket_type_id=line.ticket_type_id)
    if len({line.line_id for line in lines}) != len(lines):
        raise InvalidRequest("lines", "a line is given twice")
    return [
        {
            "line_id": str(line.line_id),
            "quantity": line.quantity,
            "ticket_type_id": None if line.ticket_type_id is None else str(line.ticket_type_id),
        }
        for line in lines
    ]
