"""The house keeps places for itself, with a reason, and gives them back.

Under it: `house_v1`, `give_back_v1`. Places set aside are reserved, without a deadline, so that
available + reserved + sold stays the capacity, and each blocked place says why.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.engine.calls import call, request_digest
from fullhouse.events.services.outcomes import check_ids, check_texts, granted, replayed
from fullhouse.events.services.structural import check_places, check_reason, listed


@dataclass(frozen=True, slots=True)
class SetAsideLine:
    """Places of one allocation; with a seat, exactly that one."""

    line_id: UUID
    allocation_id: UUID
    seat_id: UUID | None
    quantity: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """A house reservation; `quantity` is places."""

    reservation_id: UUID
    reference: str
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
    actor: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> SetAside:
    """Set places aside: `quantities` without a seat, by allocation, and named seats.

    All or nothing. Holds past their deadline do not stand in the way. Raises Refusal: unknown,
    seat_taken, sold_out (with what is left), key_reused; InvalidRequest, Conflict, EngineFault.
    Locks: performance, seats, allocations, each by id.
    """
    check_ids(performance_id=performance_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    check_reason(reason)
    seats = listed("seat_ids", seat_ids)
    wanted = dict(quantities or {})
    listed("quantities", wanted)
    for allocation_id, quantity in wanted.items():
        check_places(f"quantities[{allocation_id}]", quantity, least=1)
    if not seats and not wanted:
        raise InvalidRequest("seat_ids", "name at least one place")
    body = {"quantities": {str(a): q for a, q in wanted.items()}, "seats": sorted(map(str, seats))}
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
        ),
        "set_aside",
    )
    return SetAside(
        reservation_id=UUID(facts["reservation_id"]),
        reference=facts["reference"],
        quantity=facts["quantity"],
        lines=tuple(
            SetAsideLine(
                line_id=UUID(line["line_id"]),
                allocation_id=UUID(line["allocation_id"]),
                seat_id=UUID(line["seat_id"]) if line["seat_id"] else None,
                quantity=line["quantity"],
            )
            for line in facts["lines"]
        ),
        replayed=replayed(facts),
    )


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
