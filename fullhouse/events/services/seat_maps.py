"""What a seat map shows: the seats of a performance in a fixed order, and their states.

Seats are addressed by plan version and ordinal, so that the states of 60,000 of them are 60,000
letters. Reads only, locks nothing. Under it: `seat_plan_v1`, `seat_states_v1`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from fullhouse.events.engine.calls import call
from fullhouse.events.services.outcomes import check_ids, granted

AVAILABLE: Final = "a"
RESERVED: Final = "r"
SOLD: Final = "s"


@dataclass(frozen=True, slots=True)
class PlanSection:
    """A section with numbered seats; its seats follow each other in the order."""

    section_id: UUID
    name: str
    seats: int


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """The seats of a performance by column; the n-th of each column is the seat of ordinal n.

    The same as long as `plan_version` stays. `flags` has a hexadecimal digit a seat: 1 accessible,
    2 companion, 4 premium, 8 restricted view, added up. `xs` and `ys` are the plan's units.
    """

    performance_id: UUID
    plan_version: int
    sections: tuple[PlanSection, ...]
    ids: tuple[UUID, ...]
    rows: tuple[str, ...]
    numbers: tuple[str, ...]
    row_ranks: tuple[int, ...]
    seat_ranks: tuple[int, ...]
    xs: tuple[float | None, ...]
    ys: tuple[float | None, ...]
    flags: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What a seat costs: one ticket of `places_per_ticket` seats, sold as the ticket type.

    `ticket_type_id` None: a seat of the pool, sold as any type.
    """

    allocation_id: UUID
    section_id: UUID
    ticket_type_id: UUID | None
    price: Decimal
    currency: str
    places_per_ticket: int


@dataclass(frozen=True, slots=True)
class SeatStates:
    """The states of all seats at one instant; `version` is of these very states and prices.

    `states` has a letter a seat: a available, r reserved, s sold. `offer_of` has an index into
    `offers` a seat.
    """

    performance_id: UUID
    plan_version: int
    version: str
    status: str
    states: str
    offers: tuple[Offer, ...]
    offer_of: tuple[int, ...]


def seat_plan(*, performance_id: UUID, using: str = "default") -> SeatPlan:
    """Return the seats of a performance in their order. Raises Refusal `unknown`; Conflict."""
    check_ids(performance_id=performance_id)
    facts = granted(call("seat_plan_v1", performance_id, using=using), "found")
    return SeatPlan(
        performance_id=performance_id,
        plan_version=facts["plan_version"],
        sections=tuple(
            PlanSection(UUID(each["id"]), each["name"], each["seats"]) for each in facts["sections"]
        ),
        ids=tuple(map(UUID, facts["ids"])),
        rows=tuple(facts["rows"]),
        numbers=tuple(facts["numbers"]),
        row_ranks=tuple(facts["row_ranks"]),
        seat_ranks=tuple(facts["seat_ranks"]),
        xs=tuple(facts["xs"]),
        ys=tuple(facts["ys"]),
        flags=facts["flags"],
    )


def seat_states(*, performance_id: UUID, using: str = "default") -> SeatStates:
    """Return the states of all seats of a performance. Raises Refusal `unknown`; Conflict."""
    check_ids(performance_id=performance_id)
    facts = granted(call("seat_states_v1", performance_id, using=using), "found")
    offers = tuple(
        Offer(
            allocation_id=UUID(each["allocation_id"]),
            section_id=UUID(each["section_id"]),
            ticket_type_id=UUID(each["ticket_type_id"]) if each["ticket_type_id"] else None,
            price=Decimal(each["price"]),
            currency=each["currency"],
            places_per_ticket=each["places_per_ticket"],
        )
        for each in facts["offers"]
    )
    parts = [str(facts[name]) for name in ("plan_version", "status", "states", "offer_of")]
    text = " ".join([*parts, str(offers)])
    return SeatStates(
        performance_id=performance_id,
        plan_version=facts["plan_version"],
        version=hashlib.sha256(text.encode()).hexdigest()[:16],
        status=facts["status"],
        states=facts["states"],
        offers=offers,
        offer_of=tuple(map(int, facts["offer_of"].split(","))) if facts["offer_of"] else (),
    )
