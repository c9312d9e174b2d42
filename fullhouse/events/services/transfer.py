"""A hold or a sale goes to another customer, whole or some lines of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.references import new_reference, token_hash
from fullhouse.events.engine.calls import as_json, call, request_digest
from fullhouse.events.services.lines import LinePart, checked_lines
from fullhouse.events.services.outcomes import check_ids, check_texts, granted, replayed
from fullhouse.events.services.reserve import hold_token

CUSTOMER_MOST: Final = 255  # the column's size


@dataclass(frozen=True, slots=True)
class Transferred:
    """The reservation that the new customer has; `origin_id` None: it went whole.

    `token` is the new customer's secret, the same where an answer is repeated under an idempotency
    key; of a reservation that went whole the old secret opens nothing any more.
    """

    reservation_id: UUID
    reference: str
    origin_id: UUID | None
    places: int
    token: str
    replayed: bool


def transfer(
    *,
    performance_id: UUID,
    reservation_id: UUID,
    customer: str,
    lines: Sequence[LinePart] | None = None,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Transferred:
    """Give `lines` (None: all that is live) to `customer`; prices, status and deadline stay.

    Some lines become a reservation of their own. Raises Refusal `unknown`, `not_live`, `expired`,
    `kept_by_house`, `too_many`, `part_of_ticket`, `over_limit` or `key_reused` (nothing has moved
    then); InvalidRequest, Conflict, EngineFault. Locks: (with rules, the customer;) reservation.
    """
    check_ids(performance_id=performance_id, reservation_id=reservation_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    if not isinstance(customer, str) or "\x00" in customer or not customer.strip():
        raise InvalidRequest("customer", "say whom the places go to")
    if len(customer) > CUSTOMER_MOST:
        raise InvalidRequest("customer", f"at most {CUSTOMER_MOST} characters")
    body = checked_lines(lines)
    asked: dict[str, object] = {
        "reservation": reservation_id,
        "lines": body,
        "customer": customer,
    }
    digest = request_digest("transfer", asked) if idempotency_key else None
    token = hold_token(performance_id, idempotency_key, digest)
    outcome = call(
        "transfer_v1",
        performance_id,
        reservation=reservation_id,
        lines=None if body is None else as_json(body),
        customer=customer,
        reference=new_reference(),
        token_hash=token_hash(token),
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=digest,
        using=using,
    )
    done = granted(outcome, "transferred")
    return Transferred(
        reservation_id=UUID(done["reservation_id"]),
        reference=done["reference"],
        origin_id=UUID(done["origin_id"]) if done["origin_id"] else None,
        places=done["places"],
        token=token,
        replayed=replayed(done),
    )
