"""Calls about a whole performance, over the legacy tables: summary, capacity, proof."""

from typing import Final
from uuid import UUID

from psycopg.types.json import Jsonb

from fullhouse.compat.arguments import InvalidArgument
from fullhouse.compat.legacy_side.lists import LegacyLists, allocations
from fullhouse.compat.legacy_side.seats import LegacySeat
from fullhouse.compat.legacy_side.tables import decoded
from fullhouse.compat.values import (
    Allocation,
    Section,
    Summary,
    Validation,
    summary,
    summary_section,
)
from fullhouse.compat.words import say
from fullhouse.events.domain.configuration import HousePlan, SectionPlan
from fullhouse.events.domain.errors import Json, Refusal
from fullhouse.events.engine.sql_files import schema

_LOCK: Final = """
    SELECT v.total_capacity FROM {eventperformance} AS p
        JOIN {event} AS e ON e.id = p.event_id JOIN {venue} AS v ON v.id = e.venue_id
        WHERE p.id = %s FOR NO KEY UPDATE OF p
"""
_WRITE: Final = """
    UPDATE {eventperformance}
        SET max_capacity = %s, ticket_capacities = %s, updated_at = clock_timestamp()
        WHERE id = %s AND coalesce(current_capacity, 0) <= %s
"""
_STATE: Final = """
    SELECT state FROM {fh}.capacity_migration_migrationrun WHERE legacy_schema = %s
        ORDER BY state IN ('rolled_back', 'contracted'), created_at DESC LIMIT 1
"""


class LegacySide(LegacyLists):
    """Everything that compat offers, over the legacy tables.

    Locks of `create`: the performance's row. The others here lock nothing.
    """

    def summary(self, performance: UUID) -> Summary:
        """Return the payload; sections are those that have seats.

        Places without seats are in the performance's numbers alone: the legacy tables do not
        say which of them are taken.
        """
        standing = self.standing(performance)
        sections: dict[str, list[LegacySeat]] = {}
        for each in self.physical_seats(performance):
            sections.setdefault(each.section_key, []).append(each)
        return summary(standing, [_section(seats) for seats in sections.values()])

    def create(self, performance: UUID, plan: HousePlan) -> tuple[Section, ...]:
        """Write the sum of the sections and the places by ticket type.

        Raises Refusal: unknown, has_capacity, over_venue, below_committed; InvalidArgument.
        """
        if any(section.seats for section in plan.sections):
            raise InvalidArgument("sections", say("seats_of_configuration"))
        venue = self.rows(_LOCK, performance)
        row = self.row(performance)
        total = sum(map(_total, plan.sections))
        if decoded(row.ticket_capacities):
            raise Refusal("has_capacity")
        if venue and total > venue[0][0]:
            raise Refusal("over_venue", {"venue_capacity": venue[0][0], "needed": total})
        committed = max(row.current_capacity, len(self.physical_seats(performance)))
        if committed > total:
            raise Refusal("below_committed", {"committed": committed, "total_capacity": total})
        made = tuple(self._section(row.event_id, section) for section in plan.sections)
        self.rows(_WRITE, total, Jsonb(_by_type(made)), performance, total)
        return made

    def validate(self, performance: UUID | None) -> Validation:
        """Tell whether the takeover of this schema is validated."""
        there = self.rows(
            "SELECT to_regclass(%s)::text", f"{schema()}.capacity_migration_migrationrun"
        )
        run = self.rows(_STATE, self.where.legacy_schema) if there[0][0] else []
        state = run[0][0] if run else "-"
        if state == "validated":
            return Validation(True, "legacy", ())
        text = say("not_validated", schema=self.where.legacy_schema, state=state)
        return Validation(False, "legacy", (text,))

    def _section(self, event: UUID, plan: SectionPlan) -> Section:
        kinds = self.ticket_types(event)
        allocations = []
        for part in plan.ticket_types:
            kind = kinds.get(str(part.ticket_type_id))
            if part.ticket_type_id is not None and kind is None:
                facts = {"what": "ticket type", "id": str(part.ticket_type_id)}
                raise Refusal("unknown", facts)
            free = part.allocated_capacity
            allocations.append(Allocation(None, plan.name, kind, free, free, 0, 0, None))
        return Section(None, plan.name, _total(plan), tuple(allocations))


def _total(plan: SectionPlan) -> int:
    total = plan.allocated_capacity if plan.total_capacity is None else plan.total_capacity
    if plan.allocated_capacity > total:
        facts: dict[str, Json] = {
            "section": plan.name,
            "total_capacity": total,
            "allocated_capacity": plan.allocated_capacity,
        }
        raise Refusal("over_section", facts)
    return total


def _by_type(sections: tuple[Section, ...]) -> dict[str, int]:
    capacities: dict[str, int] = {}
    for section in sections:
        for part in section.ticket_types:
            if part.ticket_type:
                name = part.ticket_type.name
                capacities[name] = capacities.get(name, 0) + part.allocated_capacity
    return capacities


def _section(seats: list[LegacySeat]) -> Summary:
    names = [each.view.section for each in seats]
    name = max(sorted(set(names)), key=names.count)
    return summary_section(name, len(seats), allocations(name, seats))
