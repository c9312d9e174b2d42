"""The product and the oracle read the same rows: what was made is what had to be made."""

from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest

from fullhouse.events.models import Venue
from fullhouse.migration.legacy.sample.generate import Sample
from fullhouse.migration.legacy.sample.write import write_file
from fullhouse.migration.models import MigrationRun

from .builders import House
from .compare import differences, wrong_venues
from .oracle import Legacy, expected, read_dump
from .picture import Leaf, Picture, from_database, from_oracle
from .reported import unreported
from .scramble import scrambled
from .takeover import migrated, running, staged

SHOWN = 20


def _sample(path: Path, seats: int, dirty: float, seed: int) -> Path:
    write_file(Sample(seats=seats, dirty=dirty, seed=seed), path)
    return path


def _assert_same(legacy: Legacy, run: MigrationRun) -> None:
    found = differences(legacy) + unreported(run, expected(legacy))
    assert not found, "\n".join([f"{len(found)} differences", *found[:SHOWN]])
    venues = Venue.objects.filter(pk__in=legacy.venues)
    totals: dict[UUID, int] = dict(venues.values_list("pk", "total_capacity"))
    assert wrong_venues(legacy, totals) == []


@pytest.mark.parametrize(
    ("seats", "dirty", "seed"),
    [(600, 0.0, 9101), (1500, 0.3, 9102), (1500, 1.0, 9103), (3000, 1.0, 9104)],
)
def test_a_sample_from_staging(
    db_committed: None, tmp_path: Path, seats: int, dirty: float, seed: int
) -> None:
    path = _sample(tmp_path / "sample.json", seats, dirty, seed)
    with staged(path) as schema, migrated(schema) as run:
        _assert_same(read_dump(path), run)


@pytest.mark.parametrize("seed", range(8))
def test_a_scrambled_house_from_staging(db_committed: None, tmp_path: Path, seed: int) -> None:
    path = scrambled(seed).write(tmp_path / "house.json")
    with staged(path) as schema, migrated(schema) as run:
        _assert_same(read_dump(path), run)


@pytest.mark.parametrize("seed", [100, 101])
def test_a_scrambled_house_beside_its_running_system(
    db_committed: None, tmp_path: Path, seed: int
) -> None:
    path = scrambled(seed).write(tmp_path / "house.json")
    with running(path) as schema, migrated(schema) as run:
        _assert_same(read_dump(path), run)


def test_a_sample_beside_its_running_system(db_committed: None, tmp_path: Path) -> None:
    # Clean: exact duplicates are refused by the rules of a running system's tables.
    path = _sample(tmp_path / "sample.json", 1000, 0.0, 9105)
    with running(path) as schema, migrated(schema) as run:
        _assert_same(read_dump(path), run)


@pytest.mark.parametrize("types", [("VIP",), ("VIP", "Normal"), ("VIP", "Normal", "کودک")])
def test_an_equal_split_gives_the_remainder_to_the_first(
    db_committed: None, tmp_path: Path, types: tuple[str, ...]
) -> None:
    house = House(types=types)
    sizes = {house.performance(size): size for size in (1, 2, 10, 11, 100)}
    for evening, size in sizes.items():
        house.seats(evening, "A", size // 2, status="sold")
        house.seats(evening, "a ", size - size // 2, row_number="2")
    path = house.write(tmp_path / "house.json")
    legacy = read_dump(path)
    with staged(path) as schema, migrated(schema, split="equal"):
        for evening, size in sizes.items():
            parts = from_database(legacy, evening)
            each, rest = divmod(size, len(types))
            wanted = [each + rest, *[each] * (len(types) - 1)]
            made = sorted((leaf.allocated for leaf in parts.leaves.values()), reverse=True)
            assert made == [part for part in wanted if part or part in made]
            assert None not in {kind for _, kind in parts.leaves}
            _assert_numbered(parts)


def test_an_equal_split_keeps_what_is_committed(db_committed: None, tmp_path: Path) -> None:
    house = House(types=("VIP", "Normal", "کودک"))
    evening = house.performance(9)
    house.seats(evening, "A", 7, kind="VIP", status="sold")
    house.seats(evening, "a ", 3, row_number="2")
    path = house.write(tmp_path / "house.json")
    with staged(path) as schema, migrated(schema, split="equal"):
        parts = from_database(read_dump(path), evening)
        assert parts.leaves["a", house.type_ids["VIP"]] == Leaf(7, 0, 0, 0, 7)
        assert parts.max_capacity == 10
        assert None not in {kind for _, kind in parts.leaves}
        _assert_numbered(parts)


@pytest.mark.parametrize("seed", [9, 10])
def test_an_equal_split_changes_nothing_but_types(
    db_committed: None, tmp_path: Path, seed: int
) -> None:
    path = scrambled(seed).write(tmp_path / "house.json")
    legacy = read_dump(path)
    with staged(path) as schema, migrated(schema, split="equal"):
        for key, state in expected(legacy).performances.items():
            wanted, split = from_oracle(state), from_database(legacy, key)
            assert split.max_capacity == wanted.max_capacity
            assert _statuses(split) == _statuses(wanted)
            assert split.aliases == wanted.aliases
            assert split.money == wanted.money
            _assert_numbered(split)


def _statuses(picture: Picture) -> dict[UUID, str]:
    return {key: seat.status for key, seat in picture.seats.items()}


def _assert_numbered(picture: Picture) -> None:
    """Free seats of an allocation are exactly its numbered free places."""
    free = Counter(
        (seat.section, seat.ticket_type_id)
        for seat in picture.seats.values()
        if seat.status == "available"
    )
    for where, leaf in picture.leaves.items():
        assert free[where] == leaf.available - leaf.unseated
