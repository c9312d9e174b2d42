"""Sweep holds whose deadline has passed.

Nothing depends on it being run: an overdue hold never sells, and `reserve` expires what stands in
its way. Sweeping keeps the counters that people look at close to the truth.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import Error, connections

from fullhouse.events.engine.calls import call
from fullhouse.events.engine.failures import failure
from fullhouse.events.engine.sql_files import schema
from fullhouse.events.services.outcomes import check_ids, check_quantity, check_texts, granted

# Large enough to sweep 100,000 holds a second, small enough that no buyer notices the locks.
BATCH_LIMIT = 500
MAX_BATCH_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Swept:
    """Holds ended and places made available; `more`: the batch was full, call again."""

    holds: int
    places: int
    more: bool


def expire(
    *,
    performance_id: UUID,
    limit: int = BATCH_LIMIT,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Swept:
    """End up to `limit` (1 to 1000) overdue holds of one performance, the oldest first.

    Holds that somebody is deciding about are skipped. Raises InvalidRequest, Conflict, EngineFault.
    Locks: reservations (skipping locked ones), seats, allocations (docs/adr/0002-lock-order.md).
    """
    check_ids(performance_id=performance_id)
    check_quantity("limit", limit, MAX_BATCH_LIMIT)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    outcome = call(
        "expire_v1",
        performance_id,
        limit=limit,
        actor=actor,
        reason=reason,
        key=idempotency_key,
        # Which batch is swept is the server's choice: every sweep of a limit is the same request.
        digest=limit.to_bytes(4, "big") if idempotency_key else None,
        using=using,
    )
    done = granted(outcome, "swept")
    return Swept(done["holds"], done["places"], done["more"])


def expire_due(*, actor: str = "", using: str = "default") -> Swept:
    """End every overdue hold, performance by performance, in batches; return the sums.

    Each batch is a transaction of its own (outside a caller's). Raises as `expire` does; what was
    swept before stays swept.
    """
    holds = places = 0
    for performance_id in due_performances(using=using):
        more = True
        while more:
            swept = expire(performance_id=performance_id, actor=actor, using=using)
            holds += swept.holds
            places += swept.places
            # A batch in which nothing could be had is in other hands: they finish it.
            more = swept.more and swept.holds > 0
    return Swept(holds, places, more=False)


def due_performances(*, using: str = "default") -> Iterator[UUID]:
    """Yield the performances that have overdue holds now. Reads only."""
    query = (
        f"SELECT DISTINCT performance_id FROM {schema()}.events_reservation"  # noqa: S608
        " WHERE status = 'reserved' AND expires_at <= clock_timestamp() ORDER BY performance_id"
    )
    try:
        with connections[using].cursor() as cursor:
            cursor.execute(query)
            found = [row[0] for row in cursor.fetchall()]
    except Error as error:
        raise failure(error) from error
    yield from found
