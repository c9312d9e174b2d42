"""Makes a performance together with its whole house, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fullhouse.events.domain.configuration import HousePlan
from fullhouse.events.models import EventPerformance
from fullhouse.events.services import catalogue
from fullhouse.events.services.once import once
from fullhouse.events.services.open_performance import open_performance
from fullhouse.events.services.outcomes import check_texts


def new_performance(
    *,
    values: Mapping[str, Any],
    plan: HousePlan | None = None,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> catalogue.Kept:
    """Make a performance with `values` (as `catalogue.create` takes them) and build `plan` in it.

    Raises what `catalogue.create` and `open_performance` raise; a refusal makes nothing.
    Locks: venue, event, performance.
    """
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)

    def act() -> dict[str, Any]:
        made = catalogue.create(EventPerformance, values, using=using)
        if plan is not None:
            open_performance(
                performance_id=made.row_id, plan=plan, actor=actor, reason=reason, using=using
            )
        return {"id": str(made.row_id)}

    body = {**values, "house": plan.as_configuration() if plan else None}
    done = once("new_performance", body, act, idempotency_key=idempotency_key, using=using)
    return catalogue.Kept(UUID(done["id"]), bool(done.get("replayed")))
