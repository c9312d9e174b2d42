"""Turn a hold into a sale."""

from dataclasses import dataclass
from uuid import UUID

from fullhouse.events.engine.calls import call, request_digest
from fullhouse.events.services.outcomes import check_ids, check_texts, granted


@dataclass(frozen=True, slots=True)
class Sale:
    """What was confirmed: `places` counts them."""

    reservation_id: UUID
    places: int


def confirm(
    *,
    performance_id: UUID,
    reservation_id: UUID,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Sale:
    """Sell all places of a hold and clear its deadline; allowed after sales have closed.

    Raises Refusal `unknown`, `not_reserved`, `expired`, `closed` (the performance is cancelled),
    `kept_by_house` or `key_reused` (nothing has moved then);
    InvalidRequest, Conflict, EngineFault.
    Locks: reservation, seats, allocations (docs/adr/0002-lock-order.md).
    """
    check_ids(performance_id=performance_id, reservation_id=reservation_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    outcome = call(
        "confirm_v1",
        performance_id,
        reservation=reservation_id,
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=request_digest("confirm", {"reservation": reservation_id})
        if idempotency_key
        else None,
        using=using,
    )
    done = granted(outcome, "confirmed")
    return Sale(UUID(done["reservation_id"]), done["places"])
