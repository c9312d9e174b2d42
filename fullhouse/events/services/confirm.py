"""Turn a hold into a sale, in time or late."""

from dataclasses import dataclass
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.engine.calls import Statement, request_digest, run
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
    late: bool = False,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Sale:
    """Sell all places of a hold and clear its deadline; allowed after sales have closed.

    `late`: also after the deadline, if every place of the hold can be had again, the same seats
    at the prices held; else Refusal `gone` says which cannot.
    Raises Refusal `unknown`, `not_reserved`, `expired`, `closed` (the performance is cancelled),
    `kept_by_house` or `key_reused` (nothing has moved then);
    InvalidRequest, Conflict, EngineFault.
    Locks: (late: performance;) reservations, seats, allocations (docs/adr/0002-lock-order.md).
    """
    asked = confirm_statement(
        performance_id=performance_id,
        reservation_id=reservation_id,
        late=late,
        actor=actor,
        reason=reason,
        idempotency_key=idempotency_key,
    )
    done = granted(run(asked, using=using), "confirmed")
    return Sale(UUID(done["reservation_id"]), done["places"])


def confirm_statement(
    *,
    performance_id: UUID,
    reservation_id: UUID,
    late: bool = False,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
) -> Statement:
    """Return what `confirm` asks the engine; granted, it answers `confirmed`.

    Raises InvalidRequest.
    """
    check_ids(performance_id=performance_id, reservation_id=reservation_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    if not isinstance(late, bool):
        raise InvalidRequest("late", f"true or false, not {late!r}")
    asked: dict[str, object] = {"reservation": reservation_id}
    if late:
        asked["late"] = True
    arguments = {
        "reservation": reservation_id,
        "late": late,
        "actor": actor,
        "reason": reason,
        "key": idempotency_key,
        "digest": request_digest("confirm", asked) if idempotency_key else None,
    }
    return Statement("confirm_v1", performance_id, arguments)
