"""Argument checks that the structural services share, beside those of outcomes.py."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.domain.reading import PLACES_MOST

# One call is one transaction: this many seats are changed within a second, with their locks held.
SEATS_MOST: Final = 10_000


def check_places(name: str, places: object, *, least: int) -> None:
    """Refuse what is not a whole number of places from `least` up. Raises InvalidRequest."""
    whole = isinstance(places, int) and not isinstance(places, bool)
    if not whole or not least <= places <= PLACES_MOST:  # type: ignore[operator]
        raise InvalidRequest(
            name, f"must be a whole number of places, {least} to {PLACES_MOST}, not {places!r}"
        )


def listed(name: str, ids: Collection[UUID]) -> list[UUID]:
    """Return the ids as a list. Raises InvalidRequest for other values, twins, and too many."""
    found = list(ids)
    if any(not isinstance(one, UUID) for one in found):
        raise InvalidRequest(name, "must be UUIDs")
    if len(set(found)) < len(found):
        raise InvalidRequest(name, "one is named twice")
    if len(found) > SEATS_MOST:
        raise InvalidRequest(name, f"at most {SEATS_MOST} in one call, not {len(found)}")
    return found


def check_reason(reason: str) -> None:
    """Refuse a blank reason where one is needed. Raises InvalidRequest."""
    if not reason.strip():
        raise InvalidRequest("reason", "say why, in 1 to 255 characters")
