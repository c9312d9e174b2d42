"""What the old pages listed: all seats of a performance, its sections, in Fullhouse."""

from typing import Any, Final
from uuid import UUID

from fullhouse.compat.fullhouse_side.house import allocation_of
from fullhouse.compat.fullhouse_side.seats import SEAT_COLUMNS, Seats, seat_of
from fullhouse.compat.values import Home, SeatView, Section
from fullhouse.events.domain.errors import Refusal

_HOME: Final = """
    SELECT event_id, status = 'draft' FROM {fh}.events_eventperformance WHERE id = %s
"""
_HOME_OF_SECTION: Final = """
    SELECT performance_id FROM {fh}.events_eventsection WHERE id = %s
"""
_OF_PERFORMANCE: Final = """
    WHERE s.performance_id = %s AND (%s::uuid IS NULL OR s.section_id = %s)
    ORDER BY c.position, c.name, c.id, s.row_rank, s.seat_rank, s.row_number, s.seat_number
"""


class Lists(Seats):
    """Reads only; locks nothing."""

    def home(self, performance: UUID) -> Home:
        """Return the event of a performance, and whether it is a draft. Refusal: unknown."""
        found = self.rows(_HOME, performance)
        if not found:
            raise Refusal("unknown", {"what": "performance", "id": str(performance)})
        return Home(found[0][0], is_draft=found[0][1])

    def home_of_section(self, section: UUID) -> UUID:
        """Return the performance of a section by the section's id. Raises Refusal: unknown."""
        found = self.rows(_HOME_OF_SECTION, section)
        if not found:
            raise Refusal("unknown", {"what": "section", "id": str(section)})
        return UUID(str(found[0][0]))

    def seats(self, performance: UUID, section: str | None) -> list[SeatView]:
        """Return all seats in house order, whatever their status. Raises Refusal: unknown.

        A seat in a hold past its deadline is told as available.
        """
        self.home(performance)
        key: Any = None if section is None else self._section(performance, section)[0]
        query = SEAT_COLUMNS + _OF_PERFORMANCE
        return [seat_of(row) for row in self.rows(query, performance, key, key)]

    def sections(self, performance: UUID) -> list[Section]:
        """Return the sections with their places by ticket type. Raises Refusal: unknown."""
        return [
            Section(
                id=UUID(section["section_id"]),
                name=section["name"],
                total_capacity=section["total_capacity"],
                ticket_types=tuple(allocation_of(section, p) for p in section["allocations"]),
            )
            for section in self.availability(performance)["sections"]
        ]
