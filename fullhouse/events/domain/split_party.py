"""A party in several rows of one section: the twin of split_in_section_v1.sql.

The fewest parts, near each other: a part is a run of free seats; the first has room for its share
of the party or more; all parts take whole runs, except for the shortest.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from fullhouse.events.domain.seat_choice import RowSeat, Run, Wish, runs


@dataclass(frozen=True, slots=True)
class _Part:
    row: int
    order: int
    seats: Run


def split(
    rows: Mapping[int, Collection[RowSeat]], wish: Wish, focal_row: int = 0
) -> tuple[RowSeat, ...] | None:
    """Return the seats of a party whose rows (by rank) it may be split over; None: too few."""
    parts = _parts(rows, wish, focal_row)
    count = _fewest(parts, wish.seats)
    if count is None:
        return None
    away = 0
    while True:  # ends: once every row is near enough, the longest runs do
        for first in (part for part in parts if len(part.seats) * count >= wish.seats):
            others = sorted(
                (part for part in parts if part is not first and abs(part.row - first.row) <= away),
                key=lambda part: (-len(part.seats), abs(part.row - first.row), part.order),
            )
            chosen = [first, *others[: count - 1]]
            if sum(len(part.seats) for part in chosen) >= wish.seats:
                return _seats(chosen, first, wish.seats)
        away = max(1, away * 2)


def _parts(rows: Mapping[int, Collection[RowSeat]], wish: Wish, focal_row: int) -> list[_Part]:
    found = [
        (row, run)
        for row in sorted(rows, key=lambda row: (abs(row - focal_row), row))
        for run in runs([seat for seat in rows[row] if _may(seat, wish)], wish.protect)
    ]
    return [_Part(row, order, run) for order, (row, run) in enumerate(found)]


def _may(seat: RowSeat, wish: Wish) -> bool:
    wanted = wish.allocations is None or seat.allocation in wish.allocations
    return wanted and (wish.restricted or not seat.restricted)


def _fewest(parts: list[_Part], seats: int) -> int | None:
    left = seats
    for count, part in enumerate(sorted(parts, key=lambda part: -len(part.seats)), start=1):
        left -= len(part.seats)
        if left <= 0:
            return count
    return None


def _seats(chosen: list[_Part], first: _Part, seats: int) -> tuple[RowSeat, ...]:
    chosen.sort(key=lambda part: (-len(part.seats), abs(part.row - first.row), part.order))
    return tuple([seat for part in chosen for seat in part.seats][:seats])
