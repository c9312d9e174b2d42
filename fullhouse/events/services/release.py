"""Give a hold back: whole, some lines, or some places of a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.engine.calls import as_json, call, request_digest
from fullhouse.events.services.outcomes import (
    check_ids,
    check_quantity,
    check_texts,
    granted,
)

MAX_LINES: Final = 1000  # as many as a reserve makes
MAX_QUANTITY: Final = 100_000  # no house is larger


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """A line to be given back; `quantity` None: all of its places."""

    line_id: UUID
    quantity: int | None = None


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
    check_ids(performance_id=performance_id, reservation_id=reservation_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    body = None if lines is None else _checked(lines)
    asked: dict[str, object] = {"reservation": reservation_id, "lines": body}
    outcome = call(
        "release_v1",
        performance_id,
        reservation=reservation_id,
        lines=None if body is None else as_json(body),
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=request_digest("release", asked) if idempotency_key else None,
        using=using,
    )
    done = granted(outcome, "released")
    return Released(UUID(done["reservation_id"]), done["places"], done["left"])


def _checked(lines: Sequence[ReleaseLine]) -> list[dict[str, object]]:
    if not 1 <= len(lines) <= MAX_LINES:
        raise InvalidRequest("lines", f"1 to {MAX_LINES} lines, or None for all, not {len(lines)}")
    for line in lines:
        check_ids(line_id=line.line_id)
        if line.quantity is not None:
            check_quantity("quantity", line.quantity, MAX_QUANTITY)
    if len({line.line_id for line in lines}) != len(lines):
        raise InvalidRequest("lines", "a line is given twice")
    return [{"line_id": str(line.line_id), "quantity": line.quantity} for line in lines]
