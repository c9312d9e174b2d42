"""Hold places for many buyers in one call: whoever waits at the same moment is served together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.domain.references import new_reference, token_hash
from fullhouse.events.engine.calls import as_json, call, request_digest
from fullhouse.events.services.outcomes import (
    check_ids,
    check_quantity,
    check_texts,
    granted,
)
from fullhouse.events.services.reserve import (
    DEFAULT_TTL_SECONDS,
    MAX_TTL_SECONDS,
    Hold,
    Places,
    SeatRequest,
    as_hold,
    as_request,
    check_labels,
    checked_requests,
    hold_token,
)

# So that a call holds its locks for some tens of milliseconds at most.
MAX_BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """One buyer's reserve; the fields are the arguments of `reserve`."""

    requests: Sequence[Places | SeatRequest]
    ttl_seconds: int = DEFAULT_TTL_SECONDS
    kind: str = "sale"
    reference: str | None = None
    customer: str = ""
    channel: str = ""
    actor: str = ""
    reason: str = ""
    idempotency_key: str | None = None


Answer = Hold | Refusal | InvalidRequest


def reserve_many(
    *, performance_id: UUID, batch: Sequence[Wanted], using: str = "default"
) -> list[Answer]:
    """Serve up to 1000 independent reserves of one performance, first come, first served.

    Answers in the same order: for each its Hold, or the Refusal or InvalidRequest that `reserve`
    would raise, returned. One that is refused or malformed fails nobody else; a refused large
    request does not block a later small one.
    Raises InvalidRequest for the batch itself (`performance_id`, `batch`), and Conflict or
    EngineFault for all of it together: then nothing has moved.
    Locks: the keys; then those of `reserve` for all together (docs/adr/0002-lock-order.md).
    """
    check_ids(performance_id=performance_id)
    if not 1 <= len(batch) <= MAX_BATCH:
        raise InvalidRequest("batch", f"1 to {MAX_BATCH} requests, not {len(batch)}")
    prepared = [_prepared(performance_id, wanted) for wanted in batch]
    bodies = [one[0] for one in prepared if not isinstance(one, InvalidRequest)]
    served: list[dict[str, Any]] = []
    if bodies:
        outcome = call("reserve_many_v1", performance_id, requests=as_json(bodies), using=using)
        served = granted(outcome, "answered")["answers"]
    answers = iter(served)
    return [
        one if isinstance(one, InvalidRequest) else _answer(next(answers), one[1])
        for one in prepared
    ]


def _prepared(
    performance_id: UUID, wanted: Wanted
) -> tuple[dict[str, object], str] | InvalidRequest:
    """Return what the engine is asked and the buyer's secret, or what is wrong with it."""
    try:
        return _body(performance_id, wanted)
    except InvalidRequest as invalid:
        return invalid


def _body(performance_id: UUID, wanted: Wanted) -> tuple[dict[str, object], str]:
    key = wanted.idempotency_key
    check_texts(actor=wanted.actor, reason=wanted.reason, idempotency_key=key)
    check_quantity("ttl_seconds", wanted.ttl_seconds, MAX_TTL_SECONDS)
    check_labels(wanted.kind, wanted.reference, wanted.customer, wanted.channel)
    # The same fields as a single reserve's, so that either may repeat the other's answer.
    asked: dict[str, object] = {
        "requests": [as_request(request) for request in checked_requests(wanted.requests)],
        "ttl_seconds": wanted.ttl_seconds,
        "kind": wanted.kind,
        "reference": wanted.reference,
        "customer": wanted.customer,
        "channel": wanted.channel,
    }
    digest = None if key is None else request_digest("reserve", asked)
    token = hold_token(performance_id, key, digest)
    body = asked | {
        "reference": wanted.reference or new_reference(),
        "token_hash": token_hash(token).hex(),
        "actor": wanted.actor,
        "reason": wanted.reason,
    }
    if digest is not None:
        body |= {"key": key, "digest": digest.hex()}
    return body, token


def _answer(outcome: dict[str, Any], token: str) -> Answer:
    if outcome["outcome"] == "invalid":
        message = outcome["message"]
        argument, _, problem = message.partition(": ")
        named = outcome["sqlstate"].startswith("FH4") and problem
        return InvalidRequest(argument, problem) if named else InvalidRequest("", message)
    try:
        return as_hold(granted(outcome, "granted"), token)
    except Refusal as refusal:
        return refusal
