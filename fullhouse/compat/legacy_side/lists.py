"""What the old pages listed: all seats of a performance, its sections, in the legacy tables.

Sections and their ticket types have no rows there. They are told with the ids that the takeover
will give them, so that a link kept before the cut-over leads to the same thing after it.
"""

from hashlib import md5
from typing import Final
from uuid import UUID

from fullhouse.compat.legacy_side.seats import LegacySeat, LegacySeats, allocation
from fullhouse.compat.values import Allocation, Home, SeatView, Section
from fullhouse.events.domain.errors import Refusal
from fullhouse.events.domain.names import name_key

# Projected already: by its key. Else among the sections there are, by the takeover's own hash.
_HOME_OF_SECTION: Final = """
    SELECT s.performance_id FROM {fh}.events_eventsection AS s
    JOIN {eventperformance} AS p ON p.id = s.performance_id WHERE s.id = %s
    UNION ALL
    SELECT performance_id FROM {seat} GROUP BY performance_id, section
    HAVING md5(performance_id::text || ':' || {fh}.name_key(coalesce(section, '')))::uuid = %s
    LIMIT 1
"""


class LegacyLists(LegacySeats):
    """Reads only; locks nothing."""

    def home(self, performance: UUID) -> Home:
        """Return the event of a performance. Raises Refusal: unknown."""
        return Home(self.row(performance).event_id, is_draft=False)

    def home_of_section(self, section: UUID) -> UUID:
        """Return the performance of a section by the section's id. Raises Refusal: unknown.

        Before the takeover has read the performance this looks through all seat rows.
        """
        found = self.rows(_HOME_OF_SECTION, section, section)
        if not found:
            raise Refusal("unknown", {"what": "section", "id": str(section)})
        return UUID(str(found[0][0]))

    def seats(self, performance: UUID, section: str | None) -> list[SeatView]:
        """Return all seats in house order, whatever their status. Raises Refusal: unknown."""
        self.row(performance)
        if section is not None:
            self.section_name(performance, section)
        return [
            each.view
            for each in self.physical_seats(performance)
            if section is None or each.section_key == name_key(section)
        ]

    def sections(self, performance: UUID) -> list[Section]:
        """Return the sections that have seats, with their places by ticket type."""
        self.row(performance)
        by_key: dict[str, list[LegacySeat]] = {}
        for each in self.physical_seats(performance):
            by_key.setdefault(each.section_key, []).append(each)
        return [_section(performance, key, seats) for key, seats in by_key.items()]


def _section(performance: UUID, key: str, seats: list[LegacySeat]) -> Section:
    names = [each.view.section for each in seats]
    name = max(sorted(set(names)), key=names.count)
    return Section(
        id=_id_to_be(performance, key),
        name=name,
        total_capacity=len(seats),
        ticket_types=tuple(allocations(name, seats, performance)),
    )


def allocations(
    section: str, seats: list[LegacySeat], performance: UUID | None = None
) -> list[Allocation]:
    """Return a section's seats by ticket type; with the performance, also the ids to be."""
    by_type: dict[UUID | None, list[LegacySeat]] = {}
    for each in seats:
        kind = each.view.ticket_type
        by_type.setdefault(kind.id if kind else None, []).append(each)
    return [
        allocation(
            section,
            same[0].view.ticket_type,
            same,
            key=performance
            and _id_to_be(performance, f"{same[0].section_key}:{kind_id or 'pool'}"),
        )
        for kind_id, same in by_type.items()
    ]


def _id_to_be(performance: UUID, words: str) -> UUID:
    return UUID(md5(f"{performance}:{words}".encode(), usedforsecurity=False).hexdigest())
