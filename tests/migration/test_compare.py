"""The comparison finds what is broken on purpose; otherwise its silence would prove nothing."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from .builders import House
from .compare import compare
from .oracle import expected, read_dump
from .oracle.state import PerformanceState
from .picture import Leaf, Picture, from_oracle

Break = Callable[[Picture], None]


def _whole() -> tuple[PerformanceState, Picture]:
    house = House()
    evening = house.performance(5)
    seats = house.seats(evening, "A", 5)
    house.booking(evening, seats[:2])
    house.booking(evening, seats[1:2])
    house.seat(evening, "a -1-1", "blocked")
    state = expected(read_dump(house.rows)).performances[evening]
    picture = from_oracle(state)
    picture.bases = {"a": Decimal(100)}
    picture.spellings["a"] = {"A", "a "}
    return state, picture


def _free_a_sold_seat(picture: Picture) -> None:
    sold = next(key for key, seat in picture.seats.items() if seat.status == "sold")
    picture.seats[sold] = replace(picture.seats[sold], status="available")


def _change_a_seat_price(picture: Picture) -> None:
    key = next(iter(picture.seats))
    picture.seats[key] = replace(picture.seats[key], price=Decimal("99.99"))


def _drop_a_sale(picture: Picture) -> None:
    picture.taken.popitem()


def _double_a_sale(picture: Picture) -> None:
    picture.taken[next(iter(picture.taken))] += 1


def _change_a_sale_price(picture: Picture) -> None:
    one = next(iter(picture.taken))
    picture.taken[replace(one, price=Decimal("1.00"))] = picture.taken.pop(one)


def _move_a_sale_to_another_seat(picture: Picture) -> None:
    one = next(one for one in picture.taken if one.seat_id)
    free = next(key for key, seat in picture.seats.items() if seat.status == "available")
    picture.taken[replace(one, seat_id=free)] = picture.taken.pop(one)


def _forget_an_alias(picture: Picture) -> None:
    picture.aliases.clear()


def _forget_a_spelling(picture: Picture) -> None:
    picture.spellings["a"] = {"A"}


def _shift_counters(picture: Picture) -> None:
    where, leaf = next(iter(picture.leaves.items()))
    picture.leaves[where] = Leaf(
        leaf.allocated, leaf.available + 1, leaf.unseated, leaf.reserved, leaf.sold - 1
    )


def test_what_is_whole_has_no_differences() -> None:
    state, picture = _whole()
    assert compare(state, picture) == []


@pytest.mark.parametrize(
    "breaks",
    [
        _free_a_sold_seat,
        _change_a_seat_price,
        _drop_a_sale,
        _double_a_sale,
        _change_a_sale_price,
        _move_a_sale_to_another_seat,
        _forget_an_alias,
        _forget_a_spelling,
        _shift_counters,
    ],
)
def test_what_is_broken_is_found(breaks: Break) -> None:
    state, picture = _whole()
    breaks(picture)
    assert compare(state, picture)
