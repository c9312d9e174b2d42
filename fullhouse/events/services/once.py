"""The same answer for the same idempotency key, where no engine function keeps it.

Answers are kept beside those of the engine. Calls that belong to no performance are kept under
one id of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.engine.calls import request_digest
from fullhouse.events.models import Operation

CATALOGUE: Final = UUID(int=0)


def once(
    operation: str,
    body: dict[str, Any],
    act: Callable[[], dict[str, Any]],
    *,
    idempotency_key: str | None,
    performance_id: UUID = CATALOGUE,
    using: str = "default",
) -> dict[str, Any]:
    """Return what `act` answers, in its transaction; asked again, the answer it gave.

    Of two calls at once the second waits for the first. An exception undoes all and is not
    remembered: asked again, it is tried again. The answer is JSON; one given before has
    `replayed`. Raises Refusal `key_reused`. Locks: the key, before anything else.
    """
    with transaction.atomic(using=using):
        if idempotency_key is None:
            return act()
        digest = request_digest(operation, body)
        kept, new = Operation.objects.using(using).get_or_create(
            performance_id=performance_id,
            key=idempotency_key,
            defaults={"operation": operation, "digest": digest},
        )
        if new:
            answer = act()
            Operation.objects.using(using).filter(pk=kept.pk).update(outcome=answer)
            return answer
        if (kept.operation, bytes(kept.digest)) != (operation, digest) or kept.outcome is None:
            raise Refusal(
                "key_reused",
                {"operation": kept.operation, "used_at": kept.created_at.isoformat()},
            )
        return {**kept.outcome, "replayed": True}
