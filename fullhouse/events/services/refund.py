"""Take sold places back: a whole reservation, some lines, or whole tickets of a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from fullhouse.events.engine.calls import as_json, call, request_digest
from fullhouse.events.services.lines import LinePart, checked_lines
from fullhouse.events.services.outcomes import check_ids, check_texts, granted

RefundLine = LinePart


@dataclass(frozen=True, slots=True)
class LineAmount:
    """`quantity` places of a line, and exactly what they cost."""

    line_id: UUID
    quantity: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Refunded:
    """`places` came back, worth `amount`; `status` is the reservation's now."""

    reservation_id: UUID
    places: int
    status: str
    amount: Decimal
    currency: str
    lines: tuple[LineAmount, ...]


def refund(
    *,
    performance_id: UUID,
    reservation_id: UUID,
    lines: Sequence[RefundLine] | None = None,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Refunded:
    """Refund the named `lines` of a sale, or (None) every sold line.

    Places become available, except overbooked ones: the house shrinks by them.
    Raises Refusal `unknown`, `not_sold`, `too_many`, `part_of_ticket` or `key_reused` (nothing has
    moved then); InvalidRequest, Conflict, EngineFault.
    Locks: (performance and sections, where a line is overbooked;) reservation, seats, allocations
    (docs/adr/0002-lock-order.md).
    """
    check_ids(performance_id=performance_id, reservation_id=reservation_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    body = checked_lines(lines)
    asked: dict[str, object] = {"reservation": reservation_id, "lines": body}
    outcome = call(
        "refund_v1",
        performance_id,
        reservation=reservation_id,
        lines=None if body is None else as_json(body),
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=request_digest("refund", asked) if idempotency_key else None,
        using=using,
    )
    done = granted(outcome, "refunded")
    return Refunded(
        UUID(done["reservation_id"]),
        done["places"],
        done["status"],
        Decimal(done["amount"]),
        done["currency"],
        line_amounts(done["lines"]),
    )


def line_amounts(lines: list[dict[str, Any]]) -> tuple[LineAmount, ...]:
    """Return what the engine tells of lines that come back."""
    return tuple(
        LineAmount(UUID(line["line_id"]), line["quantity"], Decimal(line["amount"]))
        for line in lines
    )
