"""Calls about a whole performance, over Fullhouse: summary, capacity, proof."""

from typing import Final
from uuid import UUID

from fullhouse.compat.fullhouse_side.house import ACTOR, House, allocation_of
from fullhouse.compat.values import Section, Summary, Validation, summary, summary_section
from fullhouse.compat.words import say
from fullhouse.events.domain.configuration import HousePlan
from fullhouse.events.engine.calls import as_json

_AUDIT: Final = """
    SELECT rule, table_name, id::text, expected, found FROM {fh}.audit_v1(%s::uuid)
"""


class Whole(House):
    """Locks of `create`: venue, event, performance. The others lock nothing."""

    def ticket_capacities(self, performance: UUID) -> dict[str, int]:
        """Return places by ticket type's name; pools belong to none and are left out."""
        capacities: dict[str, int] = {}
        for section in self.availability(performance)["sections"]:
            for part in section["allocations"]:
                if part["name"] is not None:
                    places = part["allocated_capacity"]
                    capacities[part["name"]] = capacities.get(part["name"], 0) + places
        return capacities

    def summary(self, performance: UUID) -> Summary:
        """Return the payload, from one snapshot of the house. Raises Refusal: unknown."""
        facts = self.availability(performance)
        sections = [
            summary_section(
                section["name"],
                section["total_capacity"],
                [allocation_of(section, part) for part in section["allocations"]],
            )
            for section in facts["sections"]
        ]
        return summary(self.standing(performance), sections)

    def create(self, performance: UUID, plan: HousePlan) -> tuple[Section, ...]:
        """Build the sections; raises the refusals of open_performance_v1."""
        made = self.ask(
            "opened",
            "open_performance_v1",
            performance,
            configuration=as_json(plan.as_configuration()),
            actor=ACTOR,
            reason="create_performance_capacity",
        )
        keys = {section["section_id"] for section in made["sections"]}
        return tuple(
            Section(
                id=UUID(section["section_id"]),
                name=section["name"],
                total_capacity=section["total_capacity"],
                ticket_types=tuple(allocation_of(section, p) for p in section["allocations"]),
            )
            for section in self.availability(performance)["sections"]
            if section["section_id"] in keys
        )

    def validate(self, performance: UUID | None) -> Validation:
        """Audit one performance, or all."""
        findings = tuple(
            say("finding", rule=rule, table=table, id=key, expected=expected, found=found)
            for rule, table, key, expected, found in self.rows(_AUDIT, performance)
        )
        return Validation(not findings, "fullhouse", findings)
