"""Moves unsold places between the ticket types of a section. Under it: `reallocate_v1`."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.engine.calls import call, request_digest
from fullhouse.events.services.outcomes import check_ids, check_texts, granted, replayed
from fullhouse.events.services.structural import check_places, listed


@dataclass(frozen=True, slots=True)
class Reallocated:
    """What moved (`quantity` places without a seat, and `seats`), and both sizes after it."""

    from_allocation_id: UUID
    to_allocation_id: UUID
    quantity: int
    seats: int
    from_allocated_capacity: int
    to_allocated_capacity: int
    replayed: bool


def reallocate(
    *,
    performance_id: UUID,
    allocation_id: UUID,
    to_ticket_type_id: UUID | None,
    quantity: int = 0,
    seat_ids: Collection[UUID] = (),
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> Reallocated:
    """Move places of an allocation to another ticket type of its section (None: its pool).

    `quantity` places without a seat, and the seats named, all of them unsold. An allocation
    that the section lacks is made. A seat without a price of its own takes the new type's.
    Raises Refusal: unknown, same_allocation, seat_taken, seat_elsewhere, sold_out (with what is
    left), key_reused; InvalidRequest, Conflict, EngineFault.
    Locks: performance, section, seats, both allocations.
    """
    check_ids(performance_id=performance_id)
    check_ids(allocation_id=allocation_id)
    if to_ticket_type_id is not None:
        check_ids(to_ticket_type_id=to_ticket_type_id)
    check_places("quantity", quantity, least=0)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    seats = listed("seat_ids", seat_ids)
    if not quantity and not seats:
        raise InvalidRequest("quantity", "name at least one place or seat")
    body: dict[str, object] = {
        "allocation": allocation_id,
        "ticket_type": to_ticket_type_id,
        "quantity": quantity,
        "seats": sorted(map(str, seats)),
    }
    facts = granted(
        call(
            "reallocate_v1",
            performance_id,
            using=using,
            allocation=allocation_id,
            ticket_type=to_ticket_type_id,
            quantity=quantity,
            seats=seats,
            actor=actor,
            reason=reason,
            key=idempotency_key,
            digest=request_digest("reallocate", body) if idempotency_key else None,
        ),
        "reallocated",
    )
    return Reallocated(
        from_allocation_id=allocation_id,
        to_allocation_id=UUID(facts["to_allocation_id"]),
        quantity=quantity,
        seats=facts["seats"],
        from_allocated_capacity=facts["from_allocated_capacity"],
        to_allocated_capacity=facts["to_allocated_capacity"],
        replayed=replayed(facts),
    )
