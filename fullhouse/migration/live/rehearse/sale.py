"""What a seller sold, on whichever side; both sides know it by the same key."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fullhouse.migration.live.rehearse.journal import State


@dataclass(frozen=True, slots=True)
class Sale:
    """Seats by legacy id, or places without seats, of one performance, and how it stands."""

    key: str
    performance: str
    seats: list[str]
    places: int
    state: State = "sold"

    def now(self, state: State) -> Sale:
        """Return the same sale as it stands later."""
        return replace(self, state=state)
