"""Gives a section or an allocation a new size, never below what is reserved or sold (I7).

Under it: `resize_v1`. Section, performance and ledger follow in the same transaction.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from fullhouse.events.engine.calls import call, request_digest
from fullhouse.events.services.outcomes import check_ids, check_texts, granted, replayed
from fullhouse.events.services.structural import check_places, listed


@dataclass(frozen=True, slots=True)
class Resized:
    """The sizes after the call, in places; `change` is what was added (or taken, below 0).

    `allocation_id` None: nothing changed, and the section has no pool.
    """

    section_id: UUID
    allocation_id: UUID | None
    allocated_capacity: int | None
    total_capacity: int
    max_capacity: int
    change: int
    replayed: bool


def resize_section(
    *,
    performance_id: UUID,
    section_id: UUID,
    total_capacity: int,
    allocation_id: UUID | None = None,
    remove_seat_ids: Collection[UUID] = (),
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Resized:
    """Give a section `total_capacity` places; the difference is put on `allocation_id`.

    None: on the section's pool, made if it is missing. Otherwise as `resize_allocation`.
    """
    check_ids(section_id=section_id)
    return _resize(
        performance_id=performance_id,
        scope="section",
        section_id=section_id,
        allocation_id=allocation_id,
        capacity=total_capacity,
        seat_ids=remove_seat_ids,
        actor=actor,
        reason=reason,
        idempotency_key=idempotency_key,
        using=using,
    )


def resize_allocation(
    *,
    performance_id: UUID,
    allocation_id: UUID,
    allocated_capacity: int,
    remove_seat_ids: Collection[UUID] = (),
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Resized:
    """Give an allocation `allocated_capacity` places; its section and performance follow.

    Growing adds places without a seat. Shrinking takes such places, and the seats named in
    `remove_seat_ids`. Holds past their deadline do not stand in the way. Raises Refusal:
    unknown, below_committed, not_enough_here, needs_seats, seat_taken, seat_elsewhere,
    over_venue (I1), key_reused, each with the numbers; InvalidRequest, Conflict, EngineFault.
    Locks: venue, event, performance, section, seats, allocation.
    """
    return _resize(
        performance_id=performance_id,
        scope="allocation",
        section_id=None,
        allocation_id=allocation_id,
        capacity=allocated_capacity,
        seat_ids=remove_seat_ids,
        actor=actor,
        reason=reason,
        idempotency_key=idempotency_key,
        using=using,
    )


def _resize(
    *,
    performance_id: UUID,
    scope: str,
    section_id: UUID | None,
    allocation_id: UUID | None,
    capacity: int,
    seat_ids: Collection[UUID],
    actor: str,
    reason: str,
    idempotency_key: str | None,
    using: str,
) -> Resized:
    check_ids(performance_id=performance_id)
    if allocation_id is not None or scope == "allocation":
        check_ids(allocation_id=allocation_id)
    check_places(
        "total_capacity" if scope == "section" else "allocated_capacity", capacity, least=0
    )
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    seats = listed("remove_seat_ids", seat_ids)
    body: dict[str, object] = {
        "scope": scope,
        "section": section_id,
        "allocation": allocation_id,
        "capacity": capacity,
        "seats": sorted(map(str, seats)),
    }
    facts = granted(
        call(
            "resize_v1",
            performance_id,
            using=using,
            scope=scope,
            section=section_id,
            allocation=allocation_id,
            capacity=capacity,
            seats=seats,
            actor=actor,
            reason=reason,
            key=idempotency_key,
            digest=request_digest("resize", body) if idempotency_key else None,
        ),
        "resized",
    )
    made = facts["allocation_id"]
    return Resized(
        section_id=UUID(facts["section_id"]),
        allocation_id=UUID(made) if made else None,
        allocated_capacity=facts["allocated_capacity"],
        total_capacity=facts["total_capacity"],
        max_capacity=facts["max_capacity"],
        change=facts["change"],
        replayed=replayed(facts),
    )
