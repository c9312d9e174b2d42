"""Which lines of a reservation a verb is about, and how many of their places."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fullhouse.events.domain.errors import InvalidRequest
from fullhouse.events.services.outcomes import check_ids, check_quantity

MAX_LINES: Final = 1000  # as many as a reserve makes
MAX_QUANTITY: Final = 100_000  # no house is larger


@dataclass(frozen=True, slots=True)
class LinePart:
    """A line; `quantity` (places) None: all of it."""

    line_id: UUID
    quantity: int | None = None


def checked_lines(lines: Sequence[LinePart] | None) -> list[dict[str, object]] | None:
    """Return lines as the engine reads them; None stays None. Raises InvalidRequest."""
    if lines is None:
        return None
    if not 1 <= len(lines) <= MAX_LINES:
        raise InvalidRequest("lines", f"1 to {MAX_LINES} lines, or None for all, not {len(lines)}")
    for line in lines:
        check_ids(line_id=line.line_id)
        if line.quantity is not None:
            check_quantity("quantity", line.quantity, MAX_QUANTITY)
    if len({line.line_id for line in lines}) != len(lines):
        raise InvalidRequest("lines", "a line is given twice")
    return [{"line_id": str(line.line_id), "quantity": line.quantity} for line in lines]
