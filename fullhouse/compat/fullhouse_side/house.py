"""What every part of the Fullhouse side needs: one engine call, and what is free now."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from fullhouse.compat.values import Allocation, Hold, Standing, TicketType
from fullhouse.compat.where import Where
from fullhouse.events.domain.errors import Refusal
from fullhouse.events.engine.calls import call

Facts = dict[str, Any]

# The actor of the ledger, and the channels that tell compat's own sales from all others.
ACTOR: Final = "compat"
SOLD_HERE: Final = "compat"
HELD_HERE: Final = "compat-hold"
# As often as the engine itself tries; who loses that often has met a crowd, not a fault.
ATTEMPTS: Final = 20

_OFFER: Final = """
    SELECT p.status = 'on_sale' AND coalesce(p.sales_open_at <= clock_timestamp(), true)
               AND coalesce(p.sales_close_at > clock_timestamp(), true),
           coalesce(array_agg(t.id::text) FILTER (WHERE t.is_active), '{{}}')
    FROM {fh}.events_eventperformance AS p
    LEFT JOIN {fh}.events_tickettype AS t ON t.event_id = p.event_id
    WHERE p.id = %s GROUP BY p.id
"""

_LOCK: Final = """
    SELECT id FROM {fh}.events_eventperformance WHERE id = %s FOR NO KEY UPDATE
"""


class House:
    """Fullhouse at one place. Holds past their deadline count as free: a reserve ends them."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self.rows = where.rows

    def ask(self, expected: str, name: str, performance: UUID, **arguments: object) -> Facts:
        """Call an engine function; raise its refusal, so that what was begun is rolled back."""
        outcome = call(name, performance, using=self.where.using, **arguments)
        code = str(outcome.pop("outcome"))
        if code != expected:
            raise Refusal(code, outcome)
        return outcome

    def savepoint(self) -> transaction.Atomic:
        """Return an attempt that can be taken back with its locks."""
        return transaction.atomic(using=self.where.using)

    def queue(self, performance: UUID) -> None:
        """Take the performance's lock: compat's writers of one performance come one by one.

        A choice made outside the engine may be refused and made anew, and rolling a savepoint
        back does not wake those who wait for its locks: PostgreSQL lets them wait for the whole
        transaction. Without the queue two such callers would wait for each other.
        Raises Refusal: unknown.
        """
        if not self.rows(_LOCK, performance):
            raise Refusal("unknown", {"what": "performance", "id": str(performance)})

    def availability(self, performance: UUID) -> Facts:
        """Return what is free, by section and allocation. Raises Refusal: unknown."""
        return self.ask("found", "availability_v1", performance)

    def offer(self, performance: UUID) -> tuple[bool, frozenset[str]]:
        """Return whether the performance is on sale, and the ids of the types on offer."""
        found = self.rows(_OFFER, performance)
        if not found:
            raise Refusal("unknown", {"what": "performance", "id": str(performance)})
        return found[0][0], frozenset(found[0][1])

    def standing(self, performance: UUID) -> Standing:
        """Return the numbers of a performance at this moment. Raises Refusal: unknown."""
        on_sale, offered = self.offer(performance)
        facts = self.availability(performance)
        return Standing(
            max_capacity=facts["max_capacity"],
            current_capacity=facts["reserved_capacity"] + facts["sold_capacity"],
            available_capacity=facts["available_capacity"],
            bookable=sum(part["unseated_available"] for part in sellable(facts, offered)),
            is_available=on_sale,
        )


def sellable(facts: Facts, offered: frozenset[str]) -> list[Facts]:
    """Return the allocations with places for book_capacity, in the order in which it takes them.

    Pools first: their places belong to no type that could miss them. Then where most is left,
    so that small allocations keep theirs longest.
    """
    parts = [
        part | {"currency": section["currency"]}
        for section in facts["sections"]
        for part in section["allocations"]
        if part["unseated_available"] > 0
        and (part["ticket_type_id"] is None or part["ticket_type_id"] in offered)
    ]
    return sorted(
        parts,
        key=lambda part: (
            part["ticket_type_id"] is not None,
            -part["unseated_available"],
            part["allocation_id"],
        ),
    )


def allocation_of(section: Mapping[str, Any], part: Facts, hold: Hold | None = None) -> Allocation:
    """Return one allocation of `availability`, as old code reads it."""
    kind = part["ticket_type_id"]
    return Allocation(
        id=UUID(part["allocation_id"]),
        section=section["name"],
        ticket_type=TicketType(UUID(kind), part["name"]) if kind else None,
        allocated_capacity=part["allocated_capacity"],
        available_capacity=part["available_capacity"],
        reserved_capacity=part["reserved_capacity"],
        sold_capacity=part["sold_capacity"],
        final_price=Decimal(part["final_price"]),
        hold=hold,
    )
