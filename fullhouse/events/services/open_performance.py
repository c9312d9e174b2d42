"""Builds the house of a performance: sections, allocations, seats, all or nothing.

Under it: `open_performance_v1`. A performance that has sections gets the new ones beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fullhouse.events.domain.configuration import HousePlan
from fullhouse.events.engine.calls import as_json, call, request_digest
from fullhouse.events.services.outcomes import check_ids, check_texts, granted, replayed


@dataclass(frozen=True, slots=True)
class OpenedAllocation:
    """An allocation as made, in places. `ticket_type_id` None: the section's pool."""

    allocation_id: UUID
    ticket_type_id: UUID | None
    allocated_capacity: int
    unseated_available: int


@dataclass(frozen=True, slots=True)
class OpenedSection:
    """A section as made, with its allocations."""

    section_id: UUID
    name: str
    total_capacity: int
    allocations: tuple[OpenedAllocation, ...]


@dataclass(frozen=True, slots=True)
class OpenedPerformance:
    """What was built by this call; `max_capacity` is of the whole performance, in places."""

    performance_id: UUID
    max_capacity: int
    sections: tuple[OpenedSection, ...]
    replayed: bool


def open_performance(
    *,
    performance_id: UUID,
    plan: HousePlan,
    actor: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
    using: str = "default",
) -> OpenedPerformance:
    """Build the sections of `plan` in a performance.

    What a section's total leaves over goes to its pool. Raises Refusal: unknown,
    duplicate_section, over_section, duplicate_seat, seats_over_allocation, over_venue (I1),
    key_reused, each with the numbers; InvalidRequest, Conflict, EngineFault. A refusal moves
    nothing. Locks: venue, event, performance.
    """
    check_ids(performance_id=performance_id)
    check_texts(actor=actor, reason=reason, idempotency_key=idempotency_key)
    configuration = plan.as_configuration()
    facts = granted(
        call(
            "open_performance_v1",
            performance_id,
            using=using,
            configuration=as_json(configuration),
            actor=actor,
            reason=reason,
            key=idempotency_key,
            digest=request_digest("open_performance", configuration) if idempotency_key else None,
        ),
        "opened",
    )
    return OpenedPerformance(
        performance_id=performance_id,
        max_capacity=facts["max_capacity"],
        sections=tuple(map(_section, facts["sections"])),
        replayed=replayed(facts),
    )


def _section(facts: Mapping[str, Any]) -> OpenedSection:
    return OpenedSection(
        section_id=UUID(facts["section_id"]),
        name=facts["name"],
        total_capacity=facts["total_capacity"],
        allocations=tuple(map(_allocation, facts["allocations"])),
    )


def _allocation(facts: Mapping[str, Any]) -> OpenedAllocation:
    named = facts["ticket_type_id"]
    return OpenedAllocation(
        allocation_id=UUID(facts["allocation_id"]),
        ticket_type_id=UUID(named) if named else None,
        allocated_capacity=facts["allocated_capacity"],
        unseated_available=facts["unseated_available"],
    )
