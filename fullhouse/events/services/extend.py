"""Give a hold more time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fullhouse.events.engine.calls import Statement, request_digest, run
from fullhouse.events.services.outcomes import (
    check_ids,
    check_quantity,
    check_texts,
    granted,
    moment,
)
from fullhouse.events.services.reserve import MAX_TTL_SECONDS


@dataclass(frozen=True, slots=True)
class Extended:
    """The hold now ends at `expires_at`; `capped`: at its `ceiling`, sooner than was asked."""

    reservation_id: UUID
    expires_at: datetime
    capped: bool
    ceiling: datetime


def extend(
    *,
    performance_id: UUID,
    reservation_id: UUID,
    ttl_seconds: int,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Extended:
    """Move a hold's deadline to `ttl_seconds` (1 to 604800) from now, at most to its ceiling.

    The ceiling is the hold's beginning plus the performance's `hold_ceiling_seconds`. A note
    keeps the reason. Raises Refusal `at_ceiling`, `not_longer` (it runs as long already),
    `expired`, `no_deadline`, `not_reserved`, `kept_by_house`, `closed` (the performance is
    cancelled), `unknown` or `key_reused` (nothing has changed then);
    InvalidRequest, Conflict, EngineFault.
    Locks: the reservation (docs/adr/0002-lock-order.md).
    """
    asked = extend_statement(
        performance_id=performance_id,
        reservation_id=reservation_id,
        ttl_seconds=ttl_seconds,
        actor=actor,
        reason=reason,
        idempotency_key=idempotency_key,
    )
    done = granted(run(asked, using=using), "extended")
    return Extended(
        UUID(done["reservation_id"]),
        moment(done["expires_at"]),
        done["capped"],
        moment(done["ceiling"]),
    )


def extend_statement(
    *,
    performance_id: UUID,
    reservation_id: UUID,
    ttl_seconds: int,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
) -> Statement:
    """Return what `extend` asks the engine; granted, it answers `extended`.

    Raises InvalidRequest.
    """
    check_ids(performance_id=performance_id, reservation_id=reservation_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    check_quantity("ttl_seconds", ttl_seconds, MAX_TTL_SECONDS)
    asked: dict[str, object] = {"reservation": reservation_id, "ttl_seconds": ttl_seconds}
    arguments = {
        "reservation": reservation_id,
        "ttl_seconds": ttl_seconds,
        "actor": actor,
        "reason": reason,
        "key": idempotency_key,
        "digest": request_digest("extend", asked) if idempotency_key else None,
    }
    return Statement("extend_v1", performance_id, arguments)
