"""Give a hold back."""

from dataclasses import dataclass
from uuid import UUID

from fullhouse.events.engine.calls import call, request_digest
from fullhouse.events.services.outcomes import check_ids, check_texts, granted


@dataclass(frozen=True, slots=True)
class Released:
    """What was released: `places` counts them."""

    reservation_id: UUID
    places: int


def release(
    *,
    performance_id: UUID,
    reservation_id: UUID,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Released:
    """Make all places of a hold available again, whether or not its deadline has passed.

    Raises Refusal `unknown`, `not_reserved`, `kept_by_house` or `key_reused`
    (nothing has moved then); InvalidRequest, Conflict, EngineFault.
    Locks: reservation, seats, allocations (docs/adr/0002-lock-order.md).
    """
    check_ids(performance_id=performance_id, reservation_id=reservation_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    outcome = call(
        "release_v1",
        performance_id,
        reservation=reservation_id,
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=request_digest("release", {"reservation": reservation_id})
        if idempotency_key
        else None,
        using=using,
    )
    done = granted(outcome, "released")
    return Released(UUID(done["reservation_id"]), done["places"])
