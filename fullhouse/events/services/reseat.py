"""Staff move people to other seats: a broken seat, a camera, two parties that swap."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.engine.calls import as_json, call, request_digest
from fullhouse.events.services.outcomes import check_ids, check_texts, granted, replayed
from fullhouse.events.services.structural import check_reason

MOVES_MOST: Final = 1000  # the locks of a call are held for some tens of milliseconds at most


@dataclass(frozen=True, slots=True)
class Move:
    """One line's way. `from_seat` and `to_seat` are labels, row-number."""

    line_id: UUID
    reservation_id: UUID
    from_seat_id: UUID
    to_seat_id: UUID
    from_seat: str
    to_seat: str


@dataclass(frozen=True, slots=True)
class Reseated:
    """The moves, by line."""

    moves: tuple[Move, ...]
    replayed: bool


def reseat(
    *,
    performance_id: UUID,
    moves: Mapping[UUID, UUID],
    reason: str,
    actor: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Reseated:
    """Move seat lines (line id -> seat id), all or nothing; prices and ticket types stay.

    A seat must be free or be given up in the same call, so that two lines may swap. Raises Refusal
    `unknown`, `not_live`, `no_seat`, `same_seat`, `seat_taken`, `mixed_currencies` or `key_reused`
    (nothing has moved then); InvalidRequest, Conflict, EngineFault.
    Locks: performance, reservations, seats, allocations, each by id.
    """
    check_ids(performance_id=performance_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    check_reason(reason)
    if not 1 <= len(moves) <= MOVES_MOST:
        raise InvalidRequest("moves", f"1 to {MOVES_MOST} lines, not {len(moves)}")
    for line_id, seat_id in moves.items():
        check_ids(line_id=line_id, seat_id=seat_id)
    if len(set(moves.values())) < len(moves):
        raise InvalidRequest("moves", "two lines cannot go to one seat")
    body = [{"line_id": str(line), "seat_id": str(seat)} for line, seat in sorted(moves.items())]
    outcome = call(
        "reseat_v1",
        performance_id,
        moves=as_json(body),
        actor=actor,
        reason=reason,
        key=idempotency_key,
        digest=request_digest("reseat", {"moves": body}) if idempotency_key else None,
        using=using,
    )
    done = granted(outcome, "reseated")
    return Reseated(
        tuple(
            Move(
                line_id=UUID(move["line_id"]),
                reservation_id=UUID(move["reservation_id"]),
                from_seat_id=UUID(move["from_seat_id"]),
                to_seat_id=UUID(move["to_seat_id"]),
                from_seat=move["from_seat"],
                to_seat=move["to_seat"],
            )
            for move in done["moves"]
        ),
        replayed(done),
    )
