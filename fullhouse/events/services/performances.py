"""One transaction over several performances: claimed and locked in one order, all or nothing.

Every engine function touches one performance. Who composes them takes, before anything inside a
performance, first each one's key and customer, then each one's row, always in the order of the
ids (docs/adr/0002-lock-order.md): two compositions then cannot wait for each other both ways.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import Error, transaction

from fullhouse.events.domain.errors import Refusal
from fullhouse.events.engine.calls import as_json, call
from fullhouse.events.engine.failures import failure
from fullhouse.events.services.outcomes import granted, replayed


@dataclass(frozen=True, slots=True)
class Together:
    """The transaction. `answers`: by performance, where the key has been answered before."""

    answers: Mapping[UUID, dict[str, Any]]
    key: str | None
    using: str

    def remember(self, outcomes: Mapping[UUID, dict[str, Any]]) -> None:
        """Keep the answers under the key, where there is one."""
        for performance_id in sorted(outcomes) if self.key else ():
            call(
                "operation_end_v1",
                performance_id,
                key=self.key,
                outcome=as_json(outcomes[performance_id]),
                using=self.using,
            )


@contextmanager
def together(
    requests: Mapping[UUID, list[dict[str, Any]] | None],
    *,
    operation: str,
    customer: str,
    key: str | None,
    digest: bytes | None,
    using: str,
) -> Iterator[Together]:
    """Open a transaction that has claimed and locked these performances, in the order of ids.

    `requests`: by performance what will be reserved there, in the engine's form; None: nothing.
    An exception undoes all of it; a refused half must end so, never be caught inside. A refusal is
    remembered under the key in each of them, like every answer. Raises Refusal `unknown` or
    `key_reused`; Conflict, EngineFault.
    """
    ordered = sorted(requests)
    refused: Refusal | None = None
    try:
        with transaction.atomic(using=using):
            answers = {}
            for performance_id in ordered:
                said = call(
                    "claim_part_v1",
                    performance_id,
                    operation=operation,
                    customer=customer,
                    requests=_json(requests[performance_id]),
                    key=key,
                    digest=digest,
                    using=using,
                )
                if replayed(said):
                    answers[performance_id] = said
                else:
                    granted(said, "claimed")
            part = Together(answers, key, using)
            try:
                with transaction.atomic(using=using):  # a refusal undoes this, not the keys
                    for performance_id in () if answers else ordered:
                        granted(call("lock_performance_v1", performance_id, using=using), "locked")
                    yield part
            except Refusal as refusal:
                refused = refusal
                if not answers:
                    answer = {"outcome": refusal.code, **refusal.facts}
                    part.remember(dict.fromkeys(ordered, answer))
    except Error as error:  # the commit itself may fail
        raise failure(error) from error
    if refused is not None:
        raise refused


def _json(requests: list[dict[str, Any]] | None) -> object:
    return None if requests is None else as_json(requests)
