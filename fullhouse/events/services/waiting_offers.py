"""Offer free places to who waits, and take what was offered.

Where a performance says so (`waiting_list_first`) the engine offers by itself, in the transaction
that frees the places; `offer_waiting` is how staff do it, in turn or with a reason out of turn.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from fullhouse.events.domain.references import new_reference
from fullhouse.events.engine.calls import call, request_digest
from fullhouse.events.services.hand_over import HandedOver, check_ending, handed_over
from fullhouse.events.services.outcomes import check_ids, check_texts, granted, moment, replayed
from fullhouse.events.services.reserve import (
    DEFAULT_TTL_SECONDS,
    HeldLine,
    check_labels,
    held_line,
)
from fullhouse.events.services.structural import check_reason
from fullhouse.events.services.waiting_list import check_offer_seconds, hash_of


@dataclass(frozen=True, slots=True)
class Offered:
    """Places held for an entry until `expires_at`; `passed` entries were before it.

    The offer is under the secret that the party was told on joining.
    """

    entry_id: UUID
    reservation_id: UUID
    reference: str
    expires_at: datetime
    quantity: int
    passed: int
    lines: tuple[HeldLine, ...]
    currency: str
    total: Decimal
    replayed: bool


def offer_waiting(
    *,
    performance_id: UUID,
    entry_id: UUID | None = None,
    offer_seconds: int | None = None,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Offered:
    """Offer free places to the next entry whom they suffice, or out of turn to `entry_id`.

    Out of turn needs a `reason`, which a note keeps. `offer_seconds` None: as the entry says.
    Holds past their deadline are expired first. Raises Refusal: nothing_fits, not_waiting,
    closed, unknown, key_reused, and then nothing has moved; InvalidRequest, Conflict,
    EngineFault. Locks: performance, overdue reservations, their seats, all allocations.
    """
    check_ids(performance_id=performance_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    if entry_id is not None:
        check_ids(entry_id=entry_id)
        check_reason(reason)
    if offer_seconds is not None:
        check_offer_seconds(offer_seconds)
    asked: dict[str, object] = {"entry": entry_id, "seconds": offer_seconds, "reason": reason}
    outcome = call(
        "offer_waiting_v1",
        performance_id,
        entry=entry_id,
        seconds=offer_seconds,
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=request_digest("offer_waiting", asked) if idempotency_key else None,
        using=using,
    )
    done = granted(outcome, "offered")
    return Offered(
        entry_id=UUID(done["entry_id"]),
        reservation_id=UUID(done["reservation_id"]),
        reference=done["reference"],
        expires_at=moment(done["expires_at"]),
        quantity=done["quantity"],
        passed=done["passed"],
        lines=tuple(map(held_line, done["lines"])),
        currency=done["currency"],
        total=Decimal(done["total"]),
        replayed=replayed(done),
    )


def take_offer(
    *,
    performance_id: UUID,
    entry_id: UUID,
    token: str | None = None,
    sold: bool = False,
    ttl_seconds: int | None = None,
    reference: str | None = None,
    channel: str = "",
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> HandedOver:
    """Turn an offer into the party's own hold for `ttl_seconds` (default 600), or a sale.

    `token` is the party's secret; None is for staff. It stays the secret of the hold, so that
    the answer has none. Prices are those offered. Raises Refusal: unknown, wrong_token,
    not_waiting, expired, closed (cancelled), reference_taken, key_reused, and then nothing has
    moved; InvalidRequest, Conflict, EngineFault.
    Locks: performance, offer, entry; where sold seats and allocations by id.
    """
    check_ids(performance_id=performance_id, entry_id=entry_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    check_labels("sale", reference, "", channel)
    if ttl_seconds is None and sold is False:
        ttl_seconds = DEFAULT_TTL_SECONDS
    check_ending(sold, ttl_seconds)
    asked: dict[str, object] = {
        "entry": entry_id,
        "sold": sold,
        "ttl_seconds": ttl_seconds,
        "reference": reference,
        "channel": channel,
    }
    outcome = call(
        "take_offer_v1",
        performance_id,
        entry=entry_id,
        token_hash=hash_of(token),
        sold=sold,
        ttl_seconds=ttl_seconds,
        reference=reference or new_reference(),
        channel=channel,
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=request_digest("take_offer", asked) if idempotency_key else None,
        using=using,
    )
    return handed_over(granted(outcome, "taken"), None)
