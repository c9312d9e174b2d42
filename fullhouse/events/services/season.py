"""A season: the same seats or places in many performances, all or nothing, in one transaction.

Composed of what each performance decides for itself (reserve_v1, confirm_v1); the performances are
claimed and locked in the order of their ids before anything inside one of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fullhouse.events.domain.errors import Facts, InvalidRequest, Json, Refusal
from fullhouse.events.domain.references import new_reference, token_hash
from fullhouse.events.engine.calls import as_json, call, request_digest
from fullhouse.events.services.outcomes import check_ids, check_quantity, check_texts, granted
from fullhouse.events.services.performances import together
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

# As long as one of these is at work, all of them are locked against the like.
PERFORMANCES_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class SeasonHold:
    """A hold in each performance, under one reference and one secret.

    An answer that is repeated under an idempotency key tells the same `token`.
    """

    reference: str
    token: str
    holds: Mapping[UUID, Hold]


@dataclass(frozen=True, slots=True)
class SeasonSold:
    """`places` sold in each performance."""

    places: Mapping[UUID, int]


def reserve_season(
    *,
    requests: Mapping[UUID, Sequence[Places | SeatRequest]],
    ttl_seconds: int = DEFAULT_TTL_SECONDS,
    customer: str = "",
    channel: str = "",
    reference: str | None = None,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> SeasonHold:
    """Hold what is asked of each performance (id -> requests as reserve's), or nothing anywhere.

    Raises Refusal `season_refused` with `refused`: for each performance that cannot, its id and
    the code and facts of reserve; `unknown`, `key_reused`; InvalidRequest, Conflict, EngineFault.
    Nothing has moved then. Locks: performances by id, then those of reserve in each.
    """
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    check_quantity("ttl_seconds", ttl_seconds, MAX_TTL_SECONDS)
    check_labels("sale", reference, customer, channel)
    _check_performances(requests)
    wanted = {key: [as_request(one) for one in checked_requests(requests[key])] for key in requests}
    asked: dict[str, object] = {
        "requests": {str(key): body for key, body in wanted.items()},
        "ttl_seconds": ttl_seconds,
        "customer": customer,
        "channel": channel,
        "reference": reference,
    }
    digest = request_digest("reserve_season", asked) if idempotency_key else None
    token, name = hold_token(min(wanted), idempotency_key, digest), reference or new_reference()

    def reserve_in(performance_id: UUID) -> dict[str, Any]:
        return call(
            "reserve_v1",
            performance_id,
            requests=as_json(wanted[performance_id]),
            ttl_seconds=ttl_seconds,
            kind="sale",
            reference=name,
            token_hash=token_hash(token),
            customer=customer,
            channel=channel,
            actor=actor,
            reason=reason,
            using=using,
        )

    outcomes = _in_each(
        "reserve_season", wanted, reserve_in, "granted", customer, idempotency_key, asked, using
    )
    holds = {key: as_hold(outcome, token) for key, outcome in outcomes.items()}
    return SeasonHold(next(iter(holds.values())).reference, token, holds)


def confirm_season(
    *,
    reservations: Mapping[UUID, UUID],
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> SeasonSold:
    """Sell the holds of a season (performance id -> reservation id), all of them or none.

    Raises Refusal `season_refused` with `refused`, for each performance the code and facts of
    confirm; `unknown`, `key_reused`; InvalidRequest, Conflict, EngineFault. Nothing has moved
    then. Locks: performances by id, then those of confirm in each.
    """
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    _check_performances(reservations)
    for reservation_id in reservations.values():
        check_ids(reservation_id=reservation_id)

    def confirm_in(performance_id: UUID) -> dict[str, Any]:
        return call(
            "confirm_v1",
            performance_id,
            reservation=reservations[performance_id],
            actor=actor,
            reason=reason,
            using=using,
        )

    asked: dict[str, object] = {"reservations": {str(k): v for k, v in reservations.items()}}
    outcomes = _in_each(
        "confirm_season",
        dict.fromkeys(reservations),
        confirm_in,
        "confirmed",
        "",
        idempotency_key,
        asked,
        using,
    )
    return SeasonSold({key: outcome["places"] for key, outcome in outcomes.items()})


def _in_each(
    operation: str,
    performances: Mapping[UUID, list[dict[str, Any]] | None],
    act: Callable[[UUID], dict[str, Any]],
    expected: str,
    customer: str,
    key: str | None,
    asked: dict[str, object],
    using: str,
) -> dict[UUID, dict[str, Any]]:
    """Act in each performance; all outcomes, given now or before."""
    with together(
        performances,
        operation=operation,
        customer=customer,
        key=key,
        digest=request_digest(operation, asked) if key else None,
        using=using,
    ) as part:
        if part.answers:
            return {one: granted(said, expected) for one, said in part.answers.items()}
        outcomes = {performance_id: act(performance_id) for performance_id in sorted(performances)}
        refused: list[Json] = [
            {"performance_id": str(performance_id), **_facts(outcome)}
            for performance_id, outcome in outcomes.items()
            if outcome["outcome"] != expected
        ]
        if refused:
            raise Refusal("season_refused", {"refused": refused, "count": len(refused)})
        part.remember(outcomes)
    return outcomes


def _facts(outcome: dict[str, Any]) -> Facts:
    return {"code" if name == "outcome" else name: value for name, value in outcome.items()}


def _check_performances(performances: Mapping[UUID, Any]) -> None:
    if not 1 <= len(performances) <= PERFORMANCES_MOST:
        raise InvalidRequest(
            "performances", f"1 to {PERFORMANCES_MOST} performances, not {len(performances)}"
        )
    for performance_id in performances:
        check_ids(performance_id=performance_id)
