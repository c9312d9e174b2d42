"""The house keeps places for itself, with a reason, and gives them back.

Under it: `house_v1`, `give_back_v1`. Places set aside are reserved, until their
scheduled release if they have one, so that available + reserved + sold stays the capacity, and
each blocked place says why.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.engine.calls import call, request_digest
from fullhouse.events.services.outcomes import check_ids, check_texts, granted, moment, replayed
from fullhouse.events.services.structural import check_places, check_reason, listed

# For someone (`owner`), or not for sale: broken, a camera stands there.
HouseKind = Literal["house", "kill"]
KINDS: Final = ("house", "kill")
OWNER_MOST: Final = 100  # the column's size


@dataclass(frozen=True, slots=True)
class SetAsideLine:
    """Places of one allocation; with a seat, exactly that one."""

    line_id: UUID
    allocation_id: UUID
    seat_id: UUID | None
    quantity: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """A house reservation; `quantity` is places. At `release_at` they are free again."""

    reservation_id: UUID
    reference: str
    kind: str
    release_at: datetime | None
    quantity: int
    lines: tuple[SetAsideLine, ...]
    replayed: bool


@dataclass(frozen=True, slots=True)
class GivenBack:
    """`quantity` places are available again, `left` are still set aside."""

    reservation_id: UUID
    quantity: int
    left: int
    replayed: bool


def house(
    *,
    performance_id: UUID,
    reason: str,
    quantities: Mapping[UUID, int] | None = None,
    seat_ids: Collection[UUID] = (),
    kind: HouseKind = "house",
    owner: str = "",
    release_at: datetime | None = None,
    actor: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> SetAside:
    """Set places aside: `quantities` without a seat, by allocation, and named seats.

    All or nothing. `owner` says for whom (a department, not a person). At `release_at`, aware and
    in the future, the places are free to buyers again; None: when they are given back. Holds past
    their deadline do not stand in the way. Raises Refusal: unknown, closed (cancelled), seat_taken,
    sold_out (with what is left), key_reused; InvalidRequest, Conflict, EngineFault.
    Locks: performance, seats, allocations, each by id.
    """
    check_ids(performance_id=performance_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    check_reason(reason)
    if kind not in KINDS:
        raise InvalidRequest("kind", f"house or kill, not {kind!r}")
    check_owner(owner)
    check_moment("release_at", release_at)
    wanted, seats = checked_places(quantities, seat_ids)
    body: dict[str, object] = {
        "quantities": {str(a): q for a, q in wanted.items()},
        "seats": sorted(map(str, seats)),
    }
    if (kind, owner, release_at) != ("house", "", None):
        body |= {"kind": kind, "owner": owner, "release_at": release_at}
    facts = granted(
        call(
            "house_v1",
            performance_id,
            using=using,
            allocations=list(wanted),
            quantities=list(wanted.values()),
            seats=seats,
            actor=actor,
            reason=reason,
            key=idempotency_key,
            digest=request_digest("house", {**body, "reason": reason}) if idempotency_key else None,
            kind=kind,
            owner=owner,
            release_at=release_at,
        ),
        "set_aside",
    )
    return SetAside(
        reservation_id=UUID(facts["reservation_id"]),
        reference=facts["reference"],
        kind=facts["kind"],
        release_at=moment(facts["expires_at"]) if facts["expires_at"] else None,
        quantity=facts["quantity"],
        lines=set_aside_lines(facts),
        replayed=replayed(facts),
    )


def set_aside_lines(facts: dict[str, Any]) -> tuple[SetAsideLine, ...]:
    """Return the lines of an outcome of set_aside_v1.sql."""
    return tuple(
        SetAsideLine(
            line_id=UUID(line["line_id"]),
            allocation_id=UUID(line["allocation_id"]),
            seat_id=UUID(line["seat_id"]) if line["seat_id"] else None,
            quantity=line["quantity"],
        )
        for line in facts["lines"]
    )


def checked_places(
    quantities: Mapping[UUID, int] | None, seat_ids: Collection[UUID]
) -> tuple[dict[UUID, int], list[UUID]]:
    """Return what is to be set aside. Raises InvalidRequest for what cannot be meant."""
    seats = listed("seat_ids", seat_ids)
    wanted = dict(quantities or {})
    listed("quantities", wanted)
    for allocation_id, quantity in wanted.items():
        check_places(f"quantities[{allocation_id}]", quantity, least=1)
    if not seats and not wanted:
        raise InvalidRequest("seat_ids", "name at least one place")
    return wanted, seats


def check_owner(owner: object) -> None:
    """Check for whom places are kept. Raises InvalidRequest."""
    if not isinstance(owner, str) or "\x00" in owner or len(owner) > OWNER_MOST:
        raise InvalidRequest("owner", f"text of at most {OWNER_MOST} characters")


def check_moment(name: str, at: object) -> None:
    """Check that a time is aware, or None. Raises InvalidRequest."""
    if at is not None and not (isinstance(at, datetime) and at.tzinfo is not None):
        raise InvalidRequest(name, f"must be a time with a time zone, not {at!r}")


def give_back(
    *,
    performance_id: UUID,
    reservation_id: UUID,
    line_ids: Collection[UUID] | None = None,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> GivenBack:
    """Give back all places of a house reservation, or those of some of its lines.

    Works for every kind that sets places aside: house, kill, channel. Where the performance says
    so, the waiting list is offered them before the public.

    Raises Refusal: unknown, not_house, not_reserved, key_reused; InvalidRequest, Conflict,
    EngineFault. Locks: reservation, seats by id, allocations by id.
    """
    check_ids(performance_id=performance_id)
    check_ids(reservation_id=reservation_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    lines = None if line_ids is None else listed("line_ids", line_ids)
    if lines == []:
        raise InvalidRequest("line_ids", "name at least one line, or None for all")
    body: dict[str, object] = {
        "reservation": reservation_id,
        "lines": sorted(map(str, lines or [])),
    }
    facts = granted(
        call(
            "give_back_v1",
            performance_id,
            using=using,
            reservation=reservation_id,
            lines=lines,
            actor=actor,
            reason=reason,
            key=idempotency_key,
            digest=request_digest("give_back", body) if idempotency_key else None,
        ),
        "given_back",
    )
    return GivenBack(
        reservation_id=reservation_id,
        quantity=facts["quantity"],
        left=facts["left"],
        replayed=replayed(facts),
    )
