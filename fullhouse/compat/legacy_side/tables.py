"""What every part of the legacy side needs: its place, a performance's row, its ticket types."""

import json
import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fullhouse.compat.values import TicketType
from fullhouse.compat.where import Where
from fullhouse.events.domain.errors import Refusal
from fullhouse.events.domain.names import name_key

_PERFORMANCE: Final = """
    SELECT coalesce(p.max_capacity, 0), coalesce(p.current_capacity, 0), p.event_id,
           coalesce(p.is_available, true) AND coalesce(p.is_active, true)
               AND coalesce(e.is_active, true),
           p.ticket_capacities
    FROM {eventperformance} AS p LEFT JOIN {event} AS e ON e.id = p.event_id WHERE p.id = %s
"""
_PLACES: Final = re.compile(r"\+?[0-9]{1,8}(\.0*)?")


@dataclass(frozen=True, slots=True)
class PerformanceRow:
    """A performance's row. `current_capacity` counts the places used."""

    max_capacity: int
    current_capacity: int
    event_id: UUID
    is_available: bool
    ticket_capacities: object


class LegacyTables:
    """The legacy tables of one place."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self.rows = where.rows

    def row(self, performance: UUID) -> PerformanceRow:
        """Return a performance's row. Raises Refusal: unknown."""
        found = self.rows(_PERFORMANCE, performance)
        if not found:
            raise Refusal("unknown", {"what": "performance", "id": str(performance)})
        return PerformanceRow(*found[0])

    def ticket_types(self, event: UUID) -> dict[str, TicketType]:
        """Return an event's ticket types by every key that a document may name them with."""
        found = self.rows(
            "SELECT id, name, ticket_type FROM {tickettype}"
            " WHERE event_id = %s AND coalesce(is_active, true) ORDER BY id",
            event,
        )
        kinds = [(TicketType(key, name or ""), code or "") for key, name, code in found]
        keys = {str(kind.id): kind for kind, _ in kinds}
        for labels in ([kind.name for kind, _ in kinds], [code for _, code in kinds]):
            for label, (kind, _) in zip(labels, kinds, strict=True):
                if label.strip():
                    keys.setdefault(name_key(label), kind)
        return keys


def decoded(value: object) -> Any:
    """Return a JSON value also where it was encoded twice; None where it is no JSON."""
    for _ in range(3):
        if not isinstance(value, str | bytes):
            break
        try:
            value = json.loads(value)
        except ValueError:
            return None
    return value


def places(value: object) -> int | None:
    """Return a readable number of places, in any digits; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = name_key(str(value))
    return int(text.partition(".")[0]) if _PLACES.fullmatch(text) else None
