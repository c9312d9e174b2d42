"""A performance is called off, or put off, or on again."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.engine.calls import call, request_digest
from fullhouse.events.services.outcomes import check_ids, check_texts, granted, replayed
from fullhouse.events.services.structural import check_reason


@dataclass(frozen=True, slots=True)
class RefundDue:
    """A sale that has to be paid back. Comps are none: nothing was paid for them."""

    reservation_id: UUID
    reference: str
    kind: str
    places: int
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class RefundsDue:
    """What is to be paid back, by reservation; `amounts` by currency."""

    refunds: tuple[RefundDue, ...]
    amounts: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Cancelled:
    """`refunded` places were sold, `released` were held or kept; `due` is what to pay back."""

    performance_id: UUID
    refunded: int
    released: int
    due: RefundsDue
    replayed: bool


@dataclass(frozen=True, slots=True)
class Postponed:
    """`date` and `start_time` local to the venue, None: open. `status` is the one it has now."""

    performance_id: UUID
    status: str
    date: datetime.date | None
    start_time: datetime.time | None
    was_date: datetime.date
    was_start_time: datetime.time
    replayed: bool


def cancel_performance(
    *,
    performance_id: UUID,
    reason: str,
    actor: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Cancelled:
    """Cancel a performance: refund its sales, release everything else, strike the waiting off.

    One ledger story with one time and reason. Raises Refusal `unknown`, `wrong_status` or
    `key_reused`; InvalidRequest, Conflict, EngineFault. Locks: performance, sections,
    reservations, seats, allocations, each by id, for some seconds with tens of thousands of lines.
    """
    done = _called("cancel_performance", performance_id, {}, reason, actor, idempotency_key, using)
    return Cancelled(performance_id, done["refunded"], done["released"], _due(done), replayed(done))


def refunds_due(*, performance_id: UUID, using: str = "default") -> RefundsDue:
    """Tell what cancelling would have to pay back now. Reads only; raises Conflict, EngineFault."""
    check_ids(performance_id=performance_id)
    return _due(call("refunds_due_v1", performance_id, using=using))


def postpone_performance(
    *,
    performance_id: UUID,
    reason: str,
    date: datetime.date | None = None,
    start_time: datetime.time | None = None,
    actor: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Postponed:
    """Put a performance off: to a date (and time, else the same), or (None) to an open one.

    What is held or sold stays valid. With an open date nothing is sold until
    `resume_performance`. Raises Refusal `unknown`, `wrong_status`, `in_the_past`, `time_taken` or
    `key_reused`; InvalidRequest, Conflict, EngineFault. Locks: the performance.
    """
    if start_time is not None and date is None:
        raise InvalidRequest("start_time", "needs a date beside it")
    if start_time is not None and start_time.tzinfo is not None:
        raise InvalidRequest("start_time", "is local to the venue, without a time zone")
    body: dict[str, object] = {"date": date, "start_time": start_time}
    done = _called(
        "postpone_performance", performance_id, body, reason, actor, idempotency_key, using
    )
    return Postponed(
        performance_id=performance_id,
        status=done["status"],
        date=datetime.date.fromisoformat(done["date"]) if done["date"] else None,
        start_time=datetime.time.fromisoformat(done["start_time"]) if done["date"] else None,
        was_date=datetime.date.fromisoformat(done["was_date"]),
        was_start_time=datetime.time.fromisoformat(done["was_start_time"]),
        replayed=replayed(done),
    )


def resume_performance(
    *,
    performance_id: UUID,
    reason: str,
    actor: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> None:
    """Put a postponed performance on sale again, at the date it has.

    Raises Refusal `unknown`, `wrong_status`, `in_the_past` or `key_reused`; InvalidRequest,
    Conflict, EngineFault. Locks: the performance.
    """
    _called("resume_performance", performance_id, {}, reason, actor, idempotency_key, using)


_DONE = {
    "cancel_performance": "cancelled",
    "postpone_performance": "postponed",
    "resume_performance": "resumed",
}


def _called(
    verb: str,
    performance_id: UUID,
    body: dict[str, object],
    reason: str,
    actor: str,
    key: str | None,
    using: str,
) -> dict[str, Any]:
    check_ids(performance_id=performance_id)
    check_texts(actor=actor, reason=reason, idempotency_key=key)
    check_reason(reason)
    outcome = call(
        f"{verb}_v1",
        performance_id,
        **body,
        actor=actor,
        reason=reason,
        key=key,
        digest=request_digest(verb, {**body, "reason": reason}) if key else None,
        using=using,
    )
    return granted(outcome, _DONE[verb])


def _due(outcome: dict[str, Any]) -> RefundsDue:
    return RefundsDue(
        tuple(
            RefundDue(
                reservation_id=UUID(due["reservation_id"]),
                reference=due["reference"],
                kind=due["kind"],
                places=due["places"],
                amount=Decimal(due["amount"]),
                currency=due["currency"],
            )
            for due in outcome["refunds"]
        ),
        {currency: Decimal(amount) for currency, amount in outcome["amounts"].items()},
    )
