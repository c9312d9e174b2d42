"""{each phase} x {each fault}: whatever strikes, nothing that a customer was told is lost.

A few cells, always the same, unless FULLHOUSE_CHAOS=all asks for the whole matrix (`make chaos`).
Sellers of both isolation levels sell in every cell.
"""

import os
from collections.abc import Iterator
from itertools import product

import pytest
from pytest_django import DjangoDbBlocker

from .faults import FAULTS
from .ground import Ground, ground
from .matrix import MOMENTS, strike

#: Every fault of the first row and every kind of phase: before, at and after the cut-over.
SAMPLE = [
    ("backfill", "kill runner"),
    ("sync", "stop server"),
    ("cutover", "end backend"),
    ("rollback", "kill runner"),
]
CELLS = list(product(MOMENTS, FAULTS)) if os.environ.get("FULLHOUSE_CHAOS") == "all" else SAMPLE


@pytest.fixture(scope="module")
def own_ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    with django_db_blocker.unblock(), ground() as made:
        yield made


@pytest.mark.parametrize(("phase", "fault"), CELLS)
def test_whatever_strikes_nothing_is_lost(
    own_ground: Ground, results: list[object], phase: str, fault: str
) -> None:
    cell = strike(own_ground, phase, fault)
    results.append(cell)
    assert cell.holds, cell.broken
