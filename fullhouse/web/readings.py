"""What the pages read of the rows of `listings.performances`."""

from __future__ import annotations

from typing import Any

from fullhouse.web.places import Places


def places_of(performance: Any) -> Places:
    """Return the places of a row of `performances`."""
    return Places(
        total=performance.max_capacity,
        available=performance.free,
        reserved=performance.reserved_capacity - performance.overdue,
        sold=performance.sold_capacity,
    )
