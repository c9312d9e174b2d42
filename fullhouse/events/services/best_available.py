"""Hold the best seats for a party in one call: together, or in few parts where asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.references import new_reference, token_hash
from fullhouse.events.engine.calls import as_json, call, request_digest
from fullhouse.events.services.outcomes import check_ids, check_quantity, check_texts, granted
from fullhouse.events.services.reserve import (
    DEFAULT_TTL_SECONDS,
    MAX_TTL_SECONDS,
    Hold,
    as_hold,
    check_labels,
    hold_token,
)

# A larger party is a block that the house books by name.
MAX_PARTY: Final = 100
MAX_WISHES: Final = 100


@dataclass(frozen=True, slots=True)
class Party:
    """`quantity` people (1 to 100) and what they would like.

    `sections` and `ticket_types` are ids in order of preference, sections first; None is any.
    `accessible` of the seats are wheelchair places, the others sit beside them. `split` allows
    several rows of one section where no row has room; `restricted_view` does not mind one.
    """

    quantity: int
    sections: tuple[UUID, ...] | None = None
    ticket_types: tuple[UUID, ...] | None = None
    accessible: int = 0
    split: bool = False
    restricted_view: bool = False


@dataclass(frozen=True, slots=True)
class ChosenSeat:
    """A seat of the answer; `label` is row-number."""

    seat_id: UUID
    section_id: UUID
    label: str
    is_accessible: bool
    is_companion: bool
    has_restricted_view: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """The hold as granted, its seats in order, and what they were preferred to.

    `parts` is 1 when all sit together. `leaves_single`: no choice was found that leaves no single
    free seat. `rejected` counts the rows that were looked at first and passed over, by reason:
    too_short, leaves_single, restricted_view, protected, other_type, not_accessible, busy.
    """

    hold: Hold
    seats: tuple[ChosenSeat, ...]
    parts: int
    leaves_single: bool
    restricted_view: bool
    rejected: Mapping[str, int]


def best_available(
    *,
    performance_id: UUID,
    party: Party,
    ttl_seconds: int = DEFAULT_TTL_SECONDS,
    kind: str = "sale",
    reference: str | None = None,
    customer: str = "",
    channel: str = "",
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Choice:
    """Hold the best seats that are free for `party`, for `ttl_seconds`, all or nothing.

    Everything but the party is as for `reserve`. Raises Refusal `sold_out` (fewer seats are left),
    `not_together` (enough are left, but not as asked; says what was rejected) and those of
    `reserve` (facts: header of best_available_v1.sql), and then nothing has moved; InvalidRequest,
    Conflict, EngineFault. Locks: a row of seats, then as `reserve`.
    """
    check_ids(performance_id=performance_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    check_quantity("ttl_seconds", ttl_seconds, MAX_TTL_SECONDS)
    check_labels(kind, reference, customer, channel)
    body = _as_body(party)
    asked = {
        "party": body,
        "ttl_seconds": ttl_seconds,
        "kind": kind,
        "reference": reference,
        "customer": customer,
        "channel": channel,
    }
    digest = request_digest("best_available", asked) if idempotency_key else None
    token = hold_token(performance_id, idempotency_key, digest)
    outcome = call(
        "best_available_v1",
        performance_id,
        party=as_json(body),
        ttl_seconds=ttl_seconds,
        kind=kind,
        reference=reference or new_reference(),
        token_hash=token_hash(token),
        customer=customer,
        channel=channel,
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=digest,
        using=using,
    )
    return _choice(granted(outcome, "granted"), token)


def _as_body(party: Party) -> dict[str, object]:
    check_quantity("quantity", party.quantity, MAX_PARTY)
    if party.accessible != 0 or isinstance(party.accessible, bool):
        check_quantity("accessible", party.accessible, party.quantity)
    for name in ("split", "restricted_view"):
        if not isinstance(getattr(party, name), bool):
            raise InvalidRequest(name, f"True or False, not {getattr(party, name)!r}")
    if party.split and party.accessible:
        raise InvalidRequest("split", "a party with accessible places sits together")
    return {
        "quantity": party.quantity,
        "sections": _wishes("sections", party.sections),
        "ticket_types": _wishes("ticket_types", party.ticket_types),
        "accessible": party.accessible,
        "split": party.split,
        "restricted_view": party.restricted_view,
    }


def _wishes(name: str, ids: Sequence[UUID] | None) -> list[str] | None:
    if ids is None:
        return None
    if not 1 <= len(ids) <= MAX_WISHES or len(set(ids)) < len(ids):
        raise InvalidRequest(name, f"1 to {MAX_WISHES} different ids, or None for any")
    for each in ids:
        check_ids(**{name: each})
    return [str(each) for each in ids]


def _choice(outcome: dict[str, Any], token: str) -> Choice:
    return Choice(
        hold=as_hold(outcome, token),
        seats=tuple(
            ChosenSeat(
                seat_id=UUID(seat["seat_id"]),
                section_id=UUID(seat["section_id"]),
                label=seat["seat"],
                is_accessible=seat["is_accessible"],
                is_companion=seat["is_companion"],
                has_restricted_view=seat["has_restricted_view"],
            )
            for seat in outcome["seats"]
        ),
        parts=outcome["parts"],
        leaves_single=outcome["leaves_single"],
        restricted_view=outcome["restricted_view"],
        rejected=outcome["rejected"],
    )
