"""A performance's counter in the legacy tables: `current_capacity` counts the places used.

The condition is in the UPDATE: two callers cannot both take the last places.
"""

from typing import Final
from uuid import UUID

from fullhouse.compat.legacy_side.tables import LegacyTables, decoded, places
from fullhouse.compat.values import Standing
from fullhouse.events.domain.errors import Refusal
from fullhouse.events.domain.names import name_key

_TAKE: Final = """
    UPDATE {eventperformance} AS p
        SET current_capacity = coalesce(p.current_capacity, 0) + %s, updated_at = clock_timestamp()
        WHERE p.id = %s AND coalesce(p.is_available, true) AND coalesce(p.is_active, true)
          AND coalesce(p.current_capacity, 0) + %s <= p.max_capacity
          AND NOT EXISTS (SELECT FROM {event} AS e WHERE e.id = p.event_id AND NOT e.is_active)
        RETURNING p.id
"""
_GIVE_BACK: Final = """
    UPDATE {eventperformance}
        SET current_capacity = current_capacity - %s, updated_at = clock_timestamp()
        WHERE id = %s AND current_capacity >= %s RETURNING id
"""


class LegacyCapacity(LegacyTables):
    """Reading and moving the counter. Locks: the performance's row."""

    def standing(self, performance: UUID) -> Standing:
        """Return the numbers of a performance; every place left counts as bookable."""
        row = self.row(performance)
        left = max(row.max_capacity - row.current_capacity, 0)
        return Standing(row.max_capacity, row.current_capacity, left, left, row.is_available)

    def ticket_capacities(self, performance: UUID) -> dict[str, int]:
        """Return places by ticket type's name; entries that cannot be read are left out.

        Old documents name types by name, id or code.
        """
        row = self.row(performance)
        document = decoded(row.ticket_capacities)
        kinds = self.ticket_types(row.event_id)
        capacities: dict[str, int] = {}
        for key, value in document.items() if isinstance(document, dict) else ():
            kind = kinds.get(name_key(key)) or kinds.get(key.lower())
            count = places(value)
            if count is not None:
                name = kind.name if kind else key
                capacities[name] = capacities.get(name, 0) + count
        return capacities

    def book(self, performance: UUID, count: int) -> None:
        """Count `count` more places as used. Raises Refusal: sold_out, closed, unknown."""
        if not self.rows(_TAKE, count, performance, count):
            raise self._why_not(performance, count)

    def release(self, performance: UUID, count: int) -> None:
        """Count `count` places less as used. Raises Refusal: not_used, unknown.

        The counter does not say whose places they are: before the cut-over nobody knows.
        """
        if not self.rows(_GIVE_BACK, count, performance, count):
            used = self.row(performance).current_capacity
            raise Refusal("not_used", {"wanted": count, "ours": used})

    def _why_not(self, performance: UUID, count: int) -> Refusal:
        row = self.row(performance)
        if not row.is_available:
            return Refusal("closed", {"status": "closed", "opens_at": None, "closes_at": None})
        left = max(row.max_capacity - row.current_capacity, 0)
        return Refusal("sold_out", {"wanted": count, "left": left})
