"""Choosing seats in rows: the twin of best_available_v1.sql and leaves_single_v1.sql.

Pure: rows come in the order of preference, and say what is free (a seat in an overdue hold is).
Seats are neighbours when their ranks differ by one, so that a gap in the ranks is an aisle.
Accessible and companion places that are kept end a run as an aisle does.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fullhouse.events.domain.house import Key

# After so many rows that have only a flawed choice the best of them is taken.
FLAWED_ROWS: Final = 16


@dataclass(frozen=True, slots=True)
class RowSeat:
    """A seat of one row; `rank` says where in it."""

    key: Key
    rank: int
    free: bool = True
    allocation: Key = None
    accessible: bool = False
    companion: bool = False
    restricted: bool = False

    @property
    def protected(self) -> bool:
        return self.accessible or self.companion


@dataclass(frozen=True, slots=True)
class Wish:
    """A party of `seats` that sits together, and what it may be sold from (None: anything).

    `accessible` of them are wheelchair places; `protect`: such places are kept, from a party
    without any; `orphan`: it may leave no single seat; `focal`: the rank to be near to (None: the
    middle).
    """

    seats: int
    allocations: Collection[Key] | None = None
    accessible: int = 0
    protect: bool = True
    restricted: bool = False
    orphan: bool = False
    focal: int | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Neighbours in a row. `single`: they leave one alone; `restricted`: one has little view."""

    seats: tuple[RowSeat, ...]
    single: bool
    restricted: bool

    @property
    def quality(self) -> int:
        return self.single + 2 * self.restricted


@dataclass(frozen=True, slots=True)
class Single:
    """Seats that would be left alone, and other seats for the part of the hold that does it."""

    alone: tuple[Key, ...]
    instead: tuple[Key, ...]


Run = list[RowSeat]


def runs(row: Collection[RowSeat], protect: bool) -> list[Run]:
    """Return the free seats of a row as runs of neighbours, in the order of their ranks."""
    found: list[Run] = []
    for seat in sorted(row, key=lambda seat: seat.rank):
        if not seat.free or (protect and seat.protected):
            continue
        if found and seat.rank - found[-1][-1].rank == 1:
            found[-1].append(seat)
        else:
            found.append([seat])
    return found


def _parties(run: Run, size: int) -> Iterator[tuple[Run, bool]]:
    """Yield each `size` neighbours of a run, and whether one seat of it would be left alone."""
    for first in range(len(run) - size + 1):
        yield run[first : first + size], 1 in (first, len(run) - first - size)


def leaves_single(
    row: Collection[RowSeat], asked: Collection[Key], protect: bool = True
) -> Single | None:
    """Judge a hold of these free seats of a row; None when it may be. See leaves_single_v1.sql."""
    free = runs(row, protect)
    for run in free:
        part = [seat for seat in run if seat.key in asked]
        alone = [
            seat.key
            for place, seat in enumerate(run)
            if seat not in part
            and all(
                beside in part for beside in run[max(place - 1, 0) : place + 2] if beside != seat
            )
        ]
        if not part or not alone:
            continue
        sold_from = {seat.allocation for seat in part}
        others = [
            party
            for other in free
            if other is run or not any(seat.key in asked for seat in other)
            for party, single in _parties(other, len(part))
            if not single and all(seat.allocation in sold_from for seat in party)
        ]
        if others:
            nearest = min(
                others, key=lambda each: (abs(_middle(each) - _middle(part)), each[0].rank)
            )
            return Single(tuple(alone), tuple(seat.key for seat in nearest))
    return None


def choose_in_row(row: Collection[RowSeat], wish: Wish) -> Chosen | str:
    """Return the best seats of a row for a party, or why there are none."""
    free = runs(row, wish.protect and not wish.accessible)
    if max(map(len, runs(row, False)), default=0) < wish.seats:
        return "too_short"
    if max(map(len, free), default=0) < wish.seats:
        return "protected"
    parties = [
        (party, single and wish.orphan and not wish.accessible)
        for run in free
        for party, single in _parties(run, wish.seats)
        if wish.allocations is None or all(seat.allocation in wish.allocations for seat in party)
    ]
    if not parties:
        return "other_type"
    parties = [each for each in parties if _accessible(each[0]) >= wish.accessible]
    if not parties:
        return "not_accessible"
    middle = wish.focal
    ranks = [seat.rank for seat in row]
    focal = (min(ranks) + max(ranks)) / 2 if middle is None else middle

    def worth(each: tuple[Run, bool]) -> tuple[float, ...]:
        party, single = each
        companions = sum(seat.companion for seat in party) if wish.accessible else 0
        distance = abs(_middle(party) - focal)
        little_view = _restricted(party, wish)
        return (single, little_view, _accessible(party), -companions, distance, party[0].rank)

    party, single = min(parties, key=worth)
    return Chosen(tuple(party), single, _restricted(party, wish))


def choose(rows: Sequence[Collection[RowSeat]], wish: Wish) -> Chosen | None:
    """Return the best seats of all rows, which are in the order of preference; None: nowhere."""
    flawed: list[Chosen] = []
    for row in rows:
        found = choose_in_row(row, wish)
        if isinstance(found, str):
            continue
        if found.quality == 0:
            return found
        flawed.append(found)
        if len(flawed) == FLAWED_ROWS:
            break
    return min(flawed, key=lambda each: each.quality, default=None)


def _middle(party: Sequence[RowSeat]) -> float:
    return sum(seat.rank for seat in party) / len(party)


def _accessible(party: Run) -> int:
    return sum(seat.accessible for seat in party)


def _restricted(party: Run, wish: Wish) -> bool:
    return not wish.restricted and any(seat.restricted for seat in party)
