"""The oracle against itself: on random houses no sale is lost, doubled or repriced."""

import pytest

from .oracle import expected, read_dump
from .oracle.ledger import faults
from .scramble import scrambled


@pytest.mark.parametrize("seed", range(60))
def test_no_sale_is_lost_in_a_random_house(seed: int) -> None:
    legacy = read_dump(scrambled(seed).rows)
    assert faults(legacy, expected(legacy)) == []
