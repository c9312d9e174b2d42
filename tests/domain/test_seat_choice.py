"""Choosing seats, against definitions by brute force: every state of every small row."""

from itertools import combinations, product

import pytest

from fullhouse.events.domain.seat_choice import (
    Chosen,
    RowSeat,
    Wish,
    choose,
    choose_in_row,
    leaves_single,
)
from fullhouse.events.domain.split_party import split

LARGEST = 10


def row(picture: str) -> list[RowSeat]:
    """`o` free, `x` taken, `a` accessible, `c` companion, `r` restricted view, blank an aisle."""
    return [
        RowSeat(rank, rank, free=mark != "x", accessible=mark == "a", companion=mark == "c",
                restricted=mark == "r")
        for rank, mark in enumerate(picture)
        if mark != " "
    ]  # fmt: skip


def alone(free: frozenset[int]) -> set[int]:
    """Return the free seats with nobody free beside them: what a single seat is."""
    return {seat for seat in free if not {seat - 1, seat + 1} & free}


def neighbours(free: frozenset[int], size: int) -> list[frozenset[int]]:
    """Return every `size` seats that are free and sit together."""
    found = (frozenset(range(first, first + size)) for first in range(LARGEST))
    return [party for party in found if party <= free]


def run_of(free: frozenset[int], seat: int) -> frozenset[int]:
    """Return the free seats that one can get to from this one without a gap."""
    reached = {seat}
    while more := {s + d for s in reached for d in (-1, 1)} & free - reached:
        reached |= more
    return frozenset(reached)


def may_not(free: frozenset[int], asked: frozenset[int]) -> bool:
    """The rule by its words: a part leaves a new single seat, and as many elsewhere would not."""
    for part in {run_of(free, seat) & asked for seat in asked}:
        run = run_of(free, min(part))
        if not (alone(free - asked) - alone(free)) & run:
            continue
        rest = free - (asked - part)
        for other in neighbours(free, len(part)):
            whole = run_of(free, min(other))
            if whole != run and whole & asked:
                continue
            if not (alone(rest - other) - alone(free)) & whole:
                return True
    return False


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_a_hold_may_leave_a_single_seat_only_where_it_must(size: int) -> None:
    for state in product("ox", repeat=size):
        seats = row("".join(state))
        free = frozenset(seat.rank for seat in seats if seat.free)
        for wanted in range(1, len(free) + 1):
            for asked in map(frozenset, combinations(sorted(free), wanted)):
                found = leaves_single(seats, asked)
                assert (found is not None) == may_not(free, asked), (state, asked)
                if found is not None:
                    assert set(found.alone) <= alone(free - asked) - alone(free)


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_what_is_offered_instead_would_do(size: int) -> None:
    for state in product("ox", repeat=size):
        seats = row("".join(state))
        free = frozenset(seat.rank for seat in seats if seat.free)
        for wanted in range(1, len(free) + 1):
            for asked in neighbours(free, wanted):
                found = leaves_single(seats, asked)
                if found is not None:
                    assert frozenset(found.instead) in neighbours(free, wanted)
                    assert leaves_single(seats, found.instead) is None, (state, asked)


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_the_best_of_a_row_is_the_best_of_all_its_choices(size: int) -> None:
    for state in product("ox", repeat=size):
        seats = row("".join(state))
        free = frozenset(seat.rank for seat in seats if seat.free)
        for wanted in range(1, size + 1):
            every = neighbours(free, wanted)
            clean = [p for p in every if not alone(free - p) - alone(free)]
            for orphan in (False, True):
                found = choose_in_row(seats, Wish(wanted, orphan=orphan))
                if not every:
                    assert found == "too_short"
                    continue
                assert isinstance(found, Chosen)
                assert found.single == (orphan and not clean)
                among = clean if orphan and clean else every
                assert frozenset(seat.rank for seat in found.seats) == min(
                    among, key=lambda p: (abs(sum(p) / wanted - (size - 1) / 2), min(p))
                )


@pytest.mark.parametrize(
    ("picture", "wish", "expected"),
    [
        ("oooooo", Wish(2), [2, 3]),
        ("oooooo", Wish(2, focal=5), [4, 5]),
        ("oo oo", Wish(2), [0, 1]),
        ("oo oo", Wish(3), "too_short"),
        ("aoo", Wish(3), "protected"),
        ("aoo", Wish(3, protect=False), [0, 1, 2]),
        ("aco", Wish(2, accessible=1), [0, 1]),
        ("oac", Wish(2, accessible=1), [1, 2]),
        ("oooo", Wish(2, accessible=1), "not_accessible"),
        ("roooo", Wish(2), [1, 2]),
        ("rrroo", Wish(3), [1, 2, 3]),
        ("orroo", Wish(2, restricted=True), [1, 2]),
        ("oooo", Wish(2, allocations={"other"}), "other_type"),
        ("ooooo", Wish(2, orphan=True), [0, 1]),
        ("ooo", Wish(2, orphan=True), [0, 1]),
    ],
)
def test_pictures(picture: str, wish: Wish, expected: list[int] | str) -> None:
    found = choose_in_row(row(picture), wish)
    got = [seat.rank for seat in found.seats] if isinstance(found, Chosen) else found
    assert got == expected


def test_a_flaw_is_worse_than_a_row_further_back() -> None:
    rows = [row("rrr"), row("ooo"), row("oooo")]
    found = choose(rows, Wish(2, orphan=True))
    assert found is not None
    assert (found.quality, len(found.seats)) == (0, 2)
    assert found.seats[0].rank == 0
    assert found.seats[0] in rows[2]


@pytest.mark.parametrize(
    ("rows", "seats", "expected"),
    [
        ({1: "oox", 2: "ooo"}, 5, [(2, 0), (2, 1), (2, 2), (1, 0), (1, 1)]),
        ({1: "oox", 2: "xxx", 3: "oo"}, 4, [(1, 0), (1, 1), (3, 0), (3, 1)]),
        ({1: "oxo"}, 2, [(1, 0), (1, 2)]),
        ({1: "oxo", 9: "oo"}, 3, [(9, 0), (9, 1), (1, 0)]),
        ({1: "oxo"}, 3, None),
    ],
)
def test_fewest_parts_near_each_other(
    rows: dict[int, str], seats: int, expected: list[tuple[int, int]] | None
) -> None:
    known = {rank: row(picture) for rank, picture in rows.items()}
    found = split(known, Wish(seats))
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert len(found) == seats
        assert [seat.rank for seat in found] == [rank for _, rank in expected]
