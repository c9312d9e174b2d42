"""Give free places away: a complimentary reservation, sold at once at price 0.

Places that the house keeps are given away by `hand_over` with kind `comp`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.engine.calls import call, request_digest
from fullhouse.events.services.house import SetAsideLine, checked_places, set_aside_lines
from fullhouse.events.services.outcomes import check_ids, check_texts, granted, replayed
from fullhouse.events.services.structural import check_reason

RECIPIENT_MOST: Final = 255  # the column of a reservation's customer


@dataclass(frozen=True, slots=True)
class Given:
    """Places given away; `list_total` (of `currency`) is what they would have cost."""

    reservation_id: UUID
    reference: str
    quantity: int
    lines: tuple[SetAsideLine, ...]
    list_total: Decimal
    currency: str
    replayed: bool


def comp(
    *,
    performance_id: UUID,
    reason: str,
    recipient: str = "",
    quantities: Mapping[UUID, int] | None = None,
    seat_ids: Collection[UUID] = (),
    actor: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Given:
    """Give places away, all or nothing: `quantities` without a seat, by allocation, and seats.

    `recipient` becomes the reservation's customer. Each line costs 0; a note keeps the list
    prices. Raises Refusal: unknown, closed (cancelled), seat_taken, sold_out, mixed_currencies,
    key_reused; InvalidRequest, Conflict, EngineFault.
    Locks: performance, seats, allocations, each by id.
    """
    check_ids(performance_id=performance_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    check_reason(reason)
    if not isinstance(recipient, str) or "\x00" in recipient or len(recipient) > RECIPIENT_MOST:
        raise InvalidRequest("recipient", f"text of at most {RECIPIENT_MOST} characters")
    wanted, seats = checked_places(quantities, seat_ids)
    body: dict[str, object] = {
        "quantities": {str(a): q for a, q in wanted.items()},
        "seats": sorted(map(str, seats)),
        "recipient": recipient,
        "reason": reason,
    }
    facts = granted(
        call(
            "comp_v1",
            performance_id,
            using=using,
            allocations=list(wanted),
            quantities=list(wanted.values()),
            seats=seats,
            customer=recipient,
            actor=actor,
            reason=reason,
            key=idempotency_key,
            digest=request_digest("comp", body) if idempotency_key else None,
        ),
        "given",
    )
    return Given(
        reservation_id=UUID(facts["reservation_id"]),
        reference=facts["reference"],
        quantity=facts["quantity"],
        lines=set_aside_lines(facts),
        list_total=Decimal(facts["list_total"]),
        currency=facts["currency"],
        replayed=replayed(facts),
    )
