"""Give a hold back: whole, some lines, or some places of a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fullhouse.events.engine.calls import Statement, as_json, request_digest, run
from fullhouse.events.services.lines import LinePart, checked_lines
from fullhouse.events.services.outcomes import check_ids, check_texts, granted

ReleaseLine = LinePart


@dataclass(frozen=True, slots=True)
class Released:
    """`places` were given back, the hold keeps `left`; at 0 it has ended."""

    reservation_id: UUID
    places: int
    left: int


def release(
    *,
    performance_id: UUID,
    reservation_id: UUID,
    lines: Sequence[ReleaseLine] | None = None,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Released:
    """Make the named `lines` of a hold, or (None) all of it, available again.

    Whether or not its deadline has passed; what is left keeps it. A ticket of several places
    is given back whole. Raises Refusal `unknown`, `not_reserved`, `too_many`, `part_of_ticket`,
    `kept_by_house`, `waiting_offer` or `key_reused` (nothing has moved then);
    InvalidRequest, Conflict, EngineFault.
    Locks: reservation, seats, allocations (docs/adr/0002-lock-order.md).
    """
    asked = release_statement(
        performance_id=performance_id,
        reservation_id=reservation_id,
        lines=lines,
        actor=actor,
        reason=reason,
        idempotency_key=idempotency_key,
    )
    done = granted(run(asked, using=using), "released")
    return Released(UUID(done["reservation_id"]), done["places"], done["left"])


def release_statement(
    *,
    performance_id: UUID,
    reservation_id: UUID,
    lines: Sequence[ReleaseLine] | None = None,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
) -> Statement:
    """Return what `release` asks the engine; granted, it answers `released`.

    Raises InvalidRequest.
    """
    check_ids(performance_id=performance_id, reservation_id=reservation_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    body = checked_lines(lines)
    asked: dict[str, object] = {"reservation": reservation_id, "lines": body}
    arguments = {
        "reservation": reservation_id,
        "lines": None if body is None else as_json(body),
        "actor": actor,
        "reason": reason,
        "key": idempotency_key,
        "digest": request_digest("release", asked) if idempotency_key else None,
    }
    return Statement("release_v1", performance_id, arguments)
