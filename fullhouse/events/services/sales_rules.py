"""Limits and sales windows of a performance, for a ticket type or for the whole order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.engine.calls import call, request_digest
from fullhouse.events.services.outcomes import check_ids, check_quantity, check_texts, granted

MAX_LIMIT: Final = 100_000  # more tickets than any house has: it would limit nothing


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rule as it stands now; `replaced` tells whether there was one before."""

    rule_id: UUID
    ticket_type_id: UUID | None
    replaced: bool


def set_rule(
    *,
    performance_id: UUID,
    ticket_type_id: UUID | None = None,
    sales_open_at: datetime | None = None,
    sales_close_at: datetime | None = None,
    min_per_order: int | None = None,
    max_per_order: int | None = None,
    max_per_customer: int | None = None,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> RuleSet:
    """Set the rule of a ticket type, or (None) of the whole order, in place of the one before.

    Limits count tickets, 1 to 100,000; None is no limit. A window narrows the performance's own;
    times are aware. Holds and sales that are there already stay as they are.
    Raises Refusal `unknown` or `key_reused`; InvalidRequest, Conflict, EngineFault.
    Locks: performance.
    """
    _check(performance_id, ticket_type_id, actor, reason, idempotency_key)
    limits = {
        "min_per_order": min_per_order,
        "max_per_order": max_per_order,
        "max_per_customer": max_per_customer,
    }
    window = {"sales_open_at": sales_open_at, "sales_close_at": sales_close_at}
    _check_rule(limits, window)
    asked: dict[str, Any] = {"ticket_type": ticket_type_id, **window, **limits}
    outcome = call(
        "set_rule_v1",
        performance_id,
        **asked,
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=request_digest("set_rule", asked) if idempotency_key else None,
        using=using,
    )
    done = granted(outcome, "set")
    return RuleSet(UUID(done["rule_id"]), ticket_type_id, done["replaced"])


def drop_rule(
    *,
    performance_id: UUID,
    ticket_type_id: UUID | None = None,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> None:
    """Take the rule of a ticket type, or (None) of the whole order, away.

    Raises Refusal `unknown` (also where there is no such rule) or `key_reused`; InvalidRequest,
    Conflict, EngineFault. Locks: performance.
    """
    _check(performance_id, ticket_type_id, actor, reason, idempotency_key)
    digest = request_digest("drop_rule", {"ticket_type": ticket_type_id})
    outcome = call(
        "drop_rule_v1",
        performance_id,
        ticket_type=ticket_type_id,
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=digest if idempotency_key else None,
        using=using,
    )
    granted(outcome, "dropped")


def check_moment(name: str, value: object) -> None:
    """Check that a time is aware, or None. Raises InvalidRequest with its name."""
    if value is not None and (not isinstance(value, datetime) or value.tzinfo is None):
        raise InvalidRequest(name, f"must be a time with its zone, not {value!r}")


def _check_rule(limits: dict[str, int | None], window: dict[str, datetime | None]) -> None:
    for name, limit in limits.items():
        if limit is not None:
            check_quantity(name, limit, MAX_LIMIT)
    for name, time in window.items():
        check_moment(name, time)
    if all(value is None for value in (*limits.values(), *window.values())):
        problem = "name a limit or a window; to have none, drop the rule"
        raise InvalidRequest("max_per_order", problem)
    least = limits["min_per_order"] or 0
    if any(most is not None and most < least for most in limits.values()):
        raise InvalidRequest("min_per_order", f"{least} is more than the most that one may buy")
    opens, closes = window["sales_open_at"], window["sales_close_at"]
    if opens and closes and opens >= closes:
        raise InvalidRequest("sales_close_at", "must be after sales_open_at")


def _check(
    performance_id: UUID, ticket_type_id: UUID | None, actor: str, reason: str, key: str | None
) -> None:
    check_ids(performance_id=performance_id)
    if ticket_type_id is not None:
        check_ids(ticket_type_id=ticket_type_id)
    check_texts(actor=actor, reason=reason, idempotency_key=key)
