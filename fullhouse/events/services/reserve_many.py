"""Hold places for many buyers in one call: whoever waits at the same moment is served together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest, Refusal
from fullhouse.events.domain.references import new_reference, token_hash
from fullhouse.events.engine.calls import Statement, as_json, request_digest, run
from fullhouse.events.services.outcomes import (
    check_ids,
    check_quantity,
    check_texts,
    granted,
    moment,
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
    checked = [_checked(performance_id, wanted) for wanted in batch]
    good = [one for one in checked if isinstance(one, Prepared)]
    outcomes: list[dict[str, Any]] = []
    if good:
        outcomes = many_told(run(many_statement(performance_id, good), using=using))
    answers = iter(outcomes)
    return [
        answer_told(next(answers), one.token) if isinstance(one, Prepared) else one
        for one in checked
    ]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request that was checked: what the engine is asked, and the buyer's secret."""

    body: dict[str, object]
    token: str


def many_statement(performance_id: UUID, batch: Sequence[Prepared]) -> Statement:
    """Return what the engine is asked for a batch of 1 to 1000."""
    bodies = [one.body for one in batch]
    return Statement("reserve_many_v1", performance_id, {"requests": as_json(bodies)})


def many_told(outcome: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the outcomes of a batch, in its order."""
    answers: list[dict[str, Any]] = granted(outcome, "answered")["answers"]
    return answers


@dataclass(frozen=True, slots=True)
class Made:
    """What the holds of a batch have in common where all of them were made by it.

    `sections`: id and name by allocation; `types`: names by ticket type. Ids are text.
    """

    made_at: datetime
    sections: Mapping[str, tuple[str, str]]
    types: Mapping[str, str]


def made_told(outcome: dict[str, Any]) -> Made | None:
    """Return what a batch's holds have in common; None where some were made before."""
    made = outcome.get("made")
    if not made:
        return None
    return Made(moment(made["made_at"]), made["sections"], made["types"])


def _checked(performance_id: UUID, wanted: Wanted) -> Prepared | InvalidRequest:
    try:
        return prepared(performance_id, wanted)
    except InvalidRequest as invalid:
        return invalid


def prepared(performance_id: UUID, wanted: Wanted) -> Prepared:
    """Check one buyer's reserve and make its token. Raises InvalidRequest."""
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
    return Prepared(body, token)


def answer_told(outcome: dict[str, Any], token: str) -> Answer:
    """Return one outcome of a batch as the hold, or what `reserve` would raise."""
    if outcome["outcome"] == "invalid":
        message = outcome["message"]
        argument, _, problem = message.partition(": ")
        named = outcome["sqlstate"].startswith("FH4") and problem
        return InvalidRequest(argument, problem) if named else InvalidRequest("", message)
    try:
        return as_hold(granted(outcome, "granted"), token)
    except Refusal as refusal:
        return refusal
